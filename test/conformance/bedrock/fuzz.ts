// Malformed requests by the hundred thousand against the fakes in a process of their own: nothing
// may crash, leak or stay unanswered.
//   node test/conformance/bedrock/fuzz.ts [--count 100000] [--seed 1]

import { parseArgs } from 'node:util';
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
const rng = seededRng(Number(values.seed));
const print = (line: string) => process.stdout.write(`${line}\n`);
const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

const mocks = await startMocksProcess(smallHeap);
const tally = emptyTally();
// The journal keeps ten thousand entries, so memory is compared from when it is full.
const warmUp = Math.min(20_000, Math.ceil(count / 5));
await fuzz(mocks, warmUp, rng.fork('warm-up'), tally);
const before = { rssBytes: mocks.rssBytes(), fdCount: mocks.fdCount() };
print(`after ${warmUp} to warm up: ${mebibytes(before.rssBytes)}, ${before.fdCount} descriptors`);
const steps = 5;
for (let step = 1; step <= steps; step++) {
  await fuzz(mocks, Math.ceil(count / steps), rng.fork(`step ${step}`), tally);
  print(`${step}/${steps}: ${mebibytes(mocks.rssBytes())}, ${mocks.fdCount()} descriptors`);
}
for (const [kind, endings] of tally.endings) {
  const parts = [...endings].sort().map(([ending, times]) => `${ending} ×${times}`);
  print(`${kind.padEnd(12)} ${parts.join(', ')}`);
}
const complaints = [...tally.complaints, ...(await checkAfterwards(mocks, before))];
await mocks.stop();
for (const complaint of complaints) print(`COMPLAINT ${complaint}`);
print(complaints.length === 0 ? `${count} requests, nothing to complain of` : 'see above');
process.exitCode = complaints.length === 0 ? 0 : 1;
