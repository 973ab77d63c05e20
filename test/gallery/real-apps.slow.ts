// The corpus in reduced form: a few leaks and a few innocents on the Node at hand, side by side.
// The whole, on four versions of Node, is test/bench/real-apps.ts.

import { test } from 'tap';
import { startMocks } from '../../mocks/server.ts';
import { corpusLeaks } from './corpus.ts';
import { isCauseAsked, isCauseRight, isFound } from './corpus-table.ts';
import { runRealApp } from './real-app.ts';

const seed = 11;
const { signal } = new AbortController();

test('leaks are found in their channel and with their cause', async (t) => {
  await using mocks = await startMocks({ port: 0 });
  const files = ['descriptor.mjs', 'failed-context.mjs', 'numbers.mjs', 'slow-clock.mjs'];
  const leaks = corpusLeaks.filter(({ file }) => files.includes(file));
  t.equal(leaks.length, files.length);
  const found = leaks.map(async (leak) => {
    const result = await runRealApp({ file: leak.file, seed, mocksUrl: mocks.url, signal });
    t.ok(isFound(result, leak), `${leak.file}: ${result.finding}, ${result.reason}`);
    if (isCauseAsked(result)) t.ok(isCauseRight(result, leak), `${leak.file}: ${result.kinds}`);
  });
  await Promise.all(found);
});

test('innocents that keep a bounded amount are acquitted', async (t) => {
  await using mocks = await startMocks({ port: 0 });
  const files = ['none.mjs', '../innocents/lru-cache.mjs', '../innocents/late-release.mjs'];
  const judged = files.map(async (file) => {
    const { finding, reason } = await runRealApp({ file, seed, mocksUrl: mocks.url, signal });
    t.ok(finding === 'clean' || finding === 'bounded', `${file}: ${finding}, ${reason}`);
  });
  await Promise.all(judged);
});
