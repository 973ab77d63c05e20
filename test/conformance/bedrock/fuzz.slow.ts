// Malformed requests by the hundred thousand against the fakes in a process of their own: nothing
// may crash, leak or stay unanswered. With node it takes options, and about a minute:
//   node test/conformance/bedrock/fuzz.slow.ts [--count 100000] [--seed 1]

import { parseArgs } from 'node:util';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { startMocksProcess } from '../../fixtures/mocks-process.ts';
import { checkAfterwards, smallHeap } from './fuzz-afterwards.ts';
import { emptyTally, fuzz } from './fuzz-run.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(values.count);
const steps = 5;
const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

test(`${count} malformed requests are refused or closed`, { timeout: 900_000 }, async (t) => {
  const mocks = await startMocksProcess(smallHeap);
  t.teardown(() => mocks.stop());
  const rng = seededRng(Number(values.seed));
  const tally = emptyTally();
  const measure = (what: string) =>
    t.comment(`${what}: ${mebibytes(mocks.rssBytes())}, ${mocks.fdCount()} descriptors`);
  // The journal keeps ten thousand entries, so memory is compared from when it is full.
  await fuzz(mocks, Math.min(20_000, Math.ceil(count / 5)), rng.fork('warm-up'), tally);
  const before = { rssBytes: mocks.rssBytes(), fdCount: mocks.fdCount() };
  measure('warmed up');
  for (let step = 1; step <= steps; step++) {
    await fuzz(mocks, Math.ceil(count / steps), rng.fork(`step ${step}`), tally);
    measure(`${step}/${steps}`);
  }
  for (const [kind, endings] of tally.endings) {
    const parts = [...endings].sort().map(([ending, times]) => `${ending} ×${times}`);
    t.comment(`${kind}: ${parts.join(', ')}`);
  }
  t.same([...tally.complaints, ...(await checkAfterwards(mocks, before))], []);
});
