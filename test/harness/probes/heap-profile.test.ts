// The profile names the function that retains, and not one that only allocates.

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'tap';
import { startHeapProfile } from '../../../harness/probes/heap-profile.ts';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { leakyAppPath, sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;
const root = dirname(leakyAppPath);

test('the function that retains strings is named, with its bytes per request', async (t) => {
  const subject = await startLeakyApp(t);
  await sendRequests(subject.url, '/string?bytes=4096', 400);
  await using profile = await startHeapProfile(subject, nowMs, { root });
  await sendRequests(subject.url, '/string?bytes=4096', 400);
  await sendRequests(subject.url, '/garbage?bytes=200000', 100);
  const [first] = await profile.stop(400);
  t.equal(first?.name, 'retainString');
  t.equal(first?.file, 'leaky-app.ts');
  t.equal(first?.line, lineOf('function retainString'));
  const bytes = first?.bytesPerRequest ?? 0;
  // 1.6 MB sampled every 32 KiB is some 50 samples: one standard deviation is 14 %.
  t.ok(bytes > 4096 * 0.5 && bytes < 4096 * 1.6, `${bytes} bytes per request`);
});

test('the function that retains buffers is named, though their bytes are outside', async (t) => {
  const subject = await startLeakyApp(t);
  // As in a run for a leak verdict: V8 charges what an inlined function allocates to its caller.
  const compiler = await inspectorProbe({ steadyCompiler: true }).attach(subject, nowMs);
  t.teardown(() => compiler[Symbol.asyncDispose]());
  await sendRequests(subject.url, '/buffer?bytes=4096', 400);
  await using profile = await startHeapProfile(subject, nowMs, { root });
  await sendRequests(subject.url, '/buffer?bytes=4096', 3_000);
  const [first] = await profile.stop(3_000);
  t.equal(first?.name, 'retainBuffer');
});

test('work that retains nothing names no function of the application', async (t) => {
  const subject = await startLeakyApp(t);
  await sendRequests(subject.url, '/garbage?bytes=200000', 300);
  await using profile = await startHeapProfile(subject, nowMs, { root });
  await sendRequests(subject.url, '/garbage?bytes=200000', 300);
  const own = (await profile.stop(300)).filter(({ file }) => file === 'leaky-app.ts');
  t.ok(
    own.every(({ bytesPerRequest }) => bytesPerRequest < 600),
    JSON.stringify(own),
  );
});

function lineOf(text: string): number {
  const lines = readFileSync(leakyAppPath, 'utf8').split('\n');
  return lines.findIndex((line) => line.startsWith(text)) + 1;
}
