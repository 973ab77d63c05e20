// `node --test node-test.test.mjs`: the first test passes, the second fails and names the line.

import { test } from 'node:test';
import { assertNoLeak } from 'leakbed';

const unit = (name) => new URL(`./handlers.mjs#${name}`, import.meta.url);

test('the clean handler keeps nothing', { timeout: 180_000 }, async ({ signal }) => {
  await assertNoLeak(unit('askClean'), { seed: 1, signal });
});

test('the leaking handler keeps nothing', { timeout: 180_000 }, async ({ signal }) => {
  await assertNoLeak(unit('askLeaking'), { seed: 1, signal });
});
