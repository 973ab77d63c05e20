// Prints, for every fault of an answer: 2,000 clients or more leave under it, and what is left of
// them in the fakes' own process. Exit code 1 when something is.
//
//   node test/conformance/faults/abort-hygiene.ts [FAULT…] [--aborts 2000]
//
// LEAKBED_ABORTS is the same for who cannot say it, such as the slow suite.

import { parseArgs } from 'node:util';
import { placeOf } from '../../../injectors/family.ts';
import { injectors } from '../../../injectors/index.ts';
import { type Settled, startHygieneProcess } from './hygiene-process.ts';
import { leaveTogether } from './leaving-clients.ts';

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { aborts: { type: 'string', default: process.env.LEAKBED_ABORTS ?? '2000' } },
});
const aborts = Number(values.aborts);
if (!Number.isInteger(aborts) || aborts < 1) {
  throw new Error(`Cannot use --aborts ${values.aborts}: it is a whole number from 1.`);
}
const perRound = 100;
/** Faults that break connections take streams along that were never asked for. */
const mostRounds = 100;

const settleLimitMs = 100;
const tries = 3;
/** Of one core; a timer that spins takes all of it. */
const cpuLimit = 0.2;
const heapLimitBytes = 8 * 1024 ** 2;

/** The others never touch the fakes' process. */
const faults = injectors
  .filter(({ family }) => placeOf(family) === 'answer')
  .filter(({ name }) => names.length === 0 || names.includes(name));

const print = (line: string) => process.stdout.write(`${line}\n`);
const fakes = await startHygieneProcess();

async function abortAll(words: string): Promise<Settled> {
  await fakes.plan(words);
  for (let round = 0; round < mostRounds; round += 1) {
    await leaveTogether(fakes.address, perRound);
    if ((await fakes.requests()) >= aborts) break;
  }
  let result = await fakes.settled();
  // What a fault leaves behind is there every time; a busy machine's delay is not.
  for (let again = 1; again < tries && result.settledMs > settleLimitMs; again += 1) {
    await leaveTogether(fakes.address, perRound);
    result = await fakes.settled();
  }
  return result;
}

// The first rounds load and compile; what they leave behind is no fault's.
const baseline = await abortAll('noop');
const results: (Settled & { readonly name: string })[] = [];
const columns = [
  'fault',
  'aborts',
  'settled ms',
  'streams',
  'timers',
  'sockets',
  'CPU %',
  'heap MiB',
];
const line = (cells: readonly (string | number)[]) =>
  cells
    .map((cell, index) => String(cell)[index === 0 ? 'padEnd' : 'padStart'](index === 0 ? 20 : 11))
    .join('');
print(line(columns));
for (const { name, example } of faults) {
  const result = { name, ...(await abortAll(example)) };
  results.push(result);
  const { requests, settledMs, inFlight, waiting, sockets, cpuShare, heapBytes } = result;
  const [percent, mebibytes] = [Math.round(cpuShare * 100), (heapBytes / 1024 ** 2).toFixed(1)];
  print(
    line([name, requests, settledMs.toFixed(0), inFlight, waiting, sockets, percent, mebibytes]),
  );
}
await fakes.stop();

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const settledMs = median(results.map((result) => result.settledMs));
const cpuShare = median(results.map((result) => result.cpuShare));
const grownBytes = Math.max(...results.map(({ heapBytes }) => heapBytes)) - baseline.heapBytes;
const left = results.filter(({ inFlight, waiting, sockets }) => inFlight + waiting + sockets > 0);
const few = results.filter(({ requests }) => requests < aborts);
const problems = [
  ...left.map(({ name }) => `${name}: something is left for good`),
  ...few.map(({ name, requests }) => `${name}: only ${requests} requests came`),
  ...(settledMs > settleLimitMs
    ? [`half of them settle later than ${settledMs.toFixed(0)} ms`]
    : []),
  ...(cpuShare > cpuLimit ? [`half of them leave the CPU at ${Math.round(cpuShare * 100)} %`] : []),
  ...(grownBytes > heapLimitBytes ? [`the heap grew by ${grownBytes} bytes`] : []),
];
print(
  `\n${results.length} faults, median: settled in ${settledMs.toFixed(1)} ms, ` +
    `CPU ${(cpuShare * 100).toFixed(1)} % after; heap at most ${(grownBytes / 1024 ** 2).toFixed(1)} MiB more.`,
);
for (const problem of problems) print(`LEFT BEHIND: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
