// Leaks in processes that nobody can look into, in Python and in Go: how many are found, how many
// innocents accused, and how soon? Only /proc is read. Results are kept as they come, one line
// each, and what FILE holds already is not run again.
//   node test/bench/black-box.ts [--runs 20] [--only python|go] [--out FILE] [--table]
// Exit code 1 unless ≥ 95 % are found, < 1 % of the innocents accused and no run takes 3 minutes.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { smokeExperiment } from '../../harness/checkers/experiment-options.ts';
import { fitToRuntime } from '../../harness/checkers/garbage.ts';
import { procfs } from '../../harness/probes/procfs.ts';
import { runtimeOf } from '../../harness/runner/run-header.ts';
import { systemClock } from '../../injectors/determinism.ts';
import {
  type BlackBoxCase,
  type BlackBoxRuntime,
  blackBoxCases,
  blackBoxRuntimes,
  startBlackBox,
} from '../fixtures/black-box-targets.ts';
import { experimentOn } from '../fixtures/server-experiment.ts';
import { upperLimit } from '../gallery/synthetic/binomial.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: 'black-box.ndjson' },
    table: { type: 'boolean', default: false },
  },
});

interface Row {
  readonly runtime: BlackBoxRuntime;
  readonly name: string;
  readonly seed: number;
  readonly finding: string;
  readonly seconds: number;
  readonly cycles: number;
  readonly perRequest: number | null;
}

const keyOf = ({ runtime, name, seed }: Pick<Row, 'runtime' | 'name' | 'seed'>) =>
  `${runtime}, ${name}, seed ${seed}`;
const rows: Row[] = existsSync(values.out)
  ? readFileSync(values.out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
  : [];
const runtimes = blackBoxRuntimes.filter((name) => name.includes(values.only));
if (!values.table) await runAll();
for (const runtime of runtimes) report(runtime);

async function runAll(): Promise<void> {
  const done = new Set(rows.map(keyOf));
  // Every case once before any is run again, so that what is there at any time is a fair part.
  for (let seed = 1; seed <= Number(values.runs); seed++) {
    for (const runtime of runtimes) {
      for (const one of blackBoxCases[runtime]) {
        if (done.has(keyOf({ runtime, name: one.name, seed }))) continue;
        const row = await run(runtime, one, seed);
        rows.push(row);
        appendFileSync(values.out, `${JSON.stringify(row)}\n`);
        const told = `${row.finding} after ${row.cycles} cycles, ${row.seconds.toFixed(1)} s`;
        process.stdout.write(`${keyOf(row)}: ${told}\n`);
      }
    }
  }
}

async function run(runtime: BlackBoxRuntime, one: BlackBoxCase, seed: number): Promise<Row> {
  const startedMs = systemClock.nowMs();
  await using subject = await startBlackBox(runtime);
  const { finding, channels, cycles } = await experimentOn(subject, {
    path: one.path,
    probes: [procfs],
    options: fitToRuntime(runtimeOf(subject), smokeExperiment),
    requestsPerCycle: [200, 600],
    warmUpRequests: 2000,
    maxCycles: 40,
    seed,
  });
  const seconds = (systemClock.nowMs() - startedMs) / 1000;
  const anon = channels.find(({ metric }) => metric === 'anonBytes');
  const perRequest = anon?.perRequest?.estimate ?? null;
  return { runtime, name: one.name, seed, finding, seconds, cycles, perRequest };
}

function report(runtime: BlackBoxRuntime): void {
  const line = (cells: readonly (string | number)[]) =>
    process.stdout.write(`${cells.map((cell) => `${cell}`.padEnd(15)).join(' ')}\n`);
  const of = (cases: readonly BlackBoxCase[]) =>
    rows.filter((row) => row.runtime === runtime && cases.some(({ name }) => name === row.name));
  const convicted = (some: readonly Row[]) =>
    some.filter(({ finding }) => finding === 'growth-sustained').length;
  line([runtime.padEnd(30), 'runs', 'called a leak', 'undecided', 'slowest']);
  for (const one of blackBoxCases[runtime]) {
    const some = of([one]);
    const open = some.filter(({ finding }) => finding === 'undecided').length;
    const slowest = Math.max(0, ...some.map(({ seconds }) => seconds)).toFixed(0);
    const title = `${one.isLeak ? 'leak: ' : ''}${one.name}`.padEnd(30);
    line([title, some.length, convicted(some), open, `${slowest} s`]);
  }
  const leaks = of(blackBoxCases[runtime].filter(({ isLeak }) => isLeak));
  const innocents = of(blackBoxCases[runtime].filter(({ isLeak }) => !isLeak));
  const [found, accused] = [convicted(leaks), convicted(innocents)];
  const foundLow = 1 - upperLimit(leaks.length - found, leaks.length);
  const accusedHigh = upperLimit(accused, innocents.length);
  const slowest = Math.max(...[...leaks, ...innocents].map(({ seconds }) => seconds));
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  process.stdout.write(
    `${runtime}: found ${found} of ${leaks.length} (95 % limit ${percent(foundLow)}), accused ` +
      `${accused} of ${innocents.length} (95 % limit ${percent(accusedHigh)}), ` +
      `at most ${slowest.toFixed(0)} s\n\n`,
  );
  const isMet = found >= 0.95 * leaks.length && accused < 0.01 * innocents.length && slowest < 180;
  if (!isMet) process.exitCode = 1;
}
