// A Python process that keeps one object per request is convicted, by the block; one that keeps
// nothing, or fills a cache and stops, is not.

import { type Test, test } from 'tap';
import { procfs } from '../../../harness/probes/procfs.ts';
import { python } from '../../../harness/probes/python.ts';
import { startLeakyPython } from '../../fixtures/leaky-python.ts';
import { experimentOn } from '../../fixtures/server-experiment.ts';

const timeout = 120_000;

async function judge(t: Test, path: string) {
  const subject = await startLeakyPython(t);
  const result = await experimentOn(subject, { path, probes: [python, procfs] });
  t.comment(`${result.finding} after ${result.cycles} cycles`);
  return result;
}

test('one object kept per request is a leak of three blocks', { timeout }, async (t) => {
  const { finding, channels } = await judge(t, '/object');
  t.equal(finding, 'growth-sustained');
  t.equal(channels[0]?.metric, 'pythonBlocks');
  t.ok(Math.abs((channels[0]?.perRequest?.estimate ?? 0) - 3) < 0.1);
});

test('bytes kept outside pymalloc are a leak in bytes', { timeout }, async (t) => {
  const { finding, channels } = await judge(t, '/bytes?n=2000');
  t.equal(finding, 'growth-sustained');
  t.equal(channels[0]?.metric, 'externalBytes');
  t.ok(Math.abs((channels[0]?.perRequest?.estimate ?? 0) - 2050) < 40);
});

test('a process that keeps nothing is clean, garbage in cycles or not', { timeout }, async (t) => {
  t.equal((await judge(t, '/nothing')).finding, 'clean');
  t.equal((await judge(t, '/garbage')).finding, 'clean');
});

test('a cache that fills and stops is no leak', { timeout }, async (t) => {
  t.not((await judge(t, '/cache?n=800')).finding, 'growth-sustained');
});
