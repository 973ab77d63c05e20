// The shortest form of python-leaks.slow.ts: one leak convicted, one clean process acquitted.

import { type Test, test } from 'tap';
import { procfs } from '../../../harness/probes/procfs.ts';
import { python } from '../../../harness/probes/python.ts';
import { startLeakyPython } from '../../fixtures/leaky-python.ts';
import { experimentOn } from '../../fixtures/server-experiment.ts';

async function judge(t: Test, path: string) {
  const subject = await startLeakyPython(t);
  const requestsPerCycle = [20, 45] as const;
  return await experimentOn(subject, { path, probes: [python, procfs], requestsPerCycle });
}

test('one object kept per request is a leak of three blocks', async (t) => {
  const { finding, channels } = await judge(t, '/object');
  t.equal(finding, 'growth-sustained');
  // Of 128 bytes in all, which the channel of bytes may tell as well.
  const blocks = channels.find(({ metric }) => metric === 'pythonBlocks');
  t.equal(blocks?.finding, 'leak');
  t.ok(Math.abs((blocks?.perRequest?.estimate ?? 0) - 3) < 0.3);
});

test('garbage in cycles is no leak', async (t) => {
  t.equal((await judge(t, '/garbage')).finding, 'clean');
});
