// How fast leakbed is, beside its bars and its baselines.
//   npm run bench -- [NAME…] [--list] [--quick] [--seed 1] [--json FILE]
// Each figure is printed with its quartiles, its bar, and its change since the stored results
// (results/full.json), which a full run rewrites. Exit code 1 where a bar is missed.

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { writeNumber } from '../../harness/reports/numbers.ts';
import { systemClock } from '../../injectors/determinism.ts';
import type { Bar, Bench, Skipped } from './speed/bench.ts';
import { coreCount, cores, pin } from './speed/cores.ts';
import { benches } from './speed/index.ts';
import { isNear, type Judged, judge } from './speed/judge.ts';
import {
  type BenchResult,
  type Results,
  readResults,
  storedMedian,
  storeResults,
  writeResults,
} from './speed/results.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const storedFile = new URL('results/full.json', import.meta.url);
const say = (line: string) => void process.stdout.write(`${line}\n`);

// What was started ends with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(255));

process.exitCode = values.list ? list() : await main();

function list(): number {
  const width = Math.max(...benches.map(({ name }) => name.length));
  for (const { name, what, isQuick } of benches) {
    say(`${name.padEnd(width)}  ${what}${isQuick ? ' (in --quick)' : ''}`);
  }
  return 0;
}

async function main(): Promise<number> {
  const chosen = choose();
  const stored = await readResults(storedFile);
  const isPinned = pin(process.pid, cores.client);
  const seed = Number(values.seed);
  const scale = values.quick ? 'quick' : 'full';
  say(`Node ${process.versions.node}, seed ${seed}, ${scale}, ${isPinned ? '' : 'not '}pinned`);
  const done: BenchResult[] = [];
  for (const bench of chosen) done.push(await runBench(bench, seed, stored));
  const results: Results = {
    machine: {
      node: process.versions.node,
      cpu: cpus()[0]?.model ?? '',
      cores: coreCount,
      isPinned,
    },
    scale,
    seed,
    benches: done,
  };
  if (values.json !== undefined) await writeResults(values.json, results);
  if (!values.quick) await storeResults(storedFile, results);
  return summary(done);
}

function choose(): readonly Bench[] {
  const unknown = positionals.filter((word) => !benches.some(({ name }) => name === word));
  if (unknown.length > 0) {
    const known = benches.map(({ name }) => name).join(', ');
    throw new Error(`Cannot run the bench ${unknown.join(', ')}: there is none. Known: ${known}.`);
  }
  const named = benches.filter(({ name }) => positionals.includes(name));
  if (named.length > 0) return named;
  return values.quick ? benches.filter(({ isQuick }) => isQuick) : benches;
}

/** A bench that breaks off has missed its bars, and the others are run all the same. */
async function runBench(
  bench: Bench,
  seed: number,
  stored: Results | undefined,
): Promise<BenchResult> {
  const startedMs = systemClock.nowMs();
  const figures: (Judged | Skipped)[] = [];
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    say(`       ${text}`);
  };
  say(`\n${bench.name}: ${bench.what}`);
  let error: string | undefined;
  try {
    const scale = values.quick ? 'quick' : 'full';
    for await (const told of bench.run({ seed, scale, note })) {
      const figure = 'skipped' in told ? told : judge(told);
      figures.push(figure);
      tell(figure, storedMedian(stored, bench.name, figure.name));
    }
    if (figures.length === 0) error = 'it measured nothing';
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  if (error !== undefined) say(`  FAIL ${bench.name}: ${error}`);
  const durationS = Math.round((systemClock.nowMs() - startedMs) / 100) / 10;
  say(`       took ${durationS} s`);
  return { bench: bench.name, durationS, figures, notes, ...(error !== undefined && { error }) };
}

function tell(figure: Judged | Skipped, before: number | undefined): void {
  if ('skipped' in figure) {
    say(`  skip ${figure.name}: ${figure.skipped}`);
    return;
  }
  const { name, unit, baseline, bar, median, low, high, isMet } = figure;
  const of = baseline === '' ? '' : ` of ${baseline}`;
  const spread = `[${writeNumber(low)}, ${writeNumber(high)}]`;
  const change = before === undefined ? '' : `, was ${writeNumber(before)}`;
  const near = isNear(figure) ? ', near: run it again' : '';
  say(
    `  ${isMet ? 'PASS' : 'FAIL'} ${name}: ${writeNumber(median)} ${spread} ${unit}${of}, ` +
      `bar ${barText(bar)}${change}${near}`,
  );
}

function barText(bar: Bar): string {
  return 'atLeast' in bar ? `>= ${bar.atLeast}` : `<= ${bar.atMost}`;
}

function summary(done: readonly BenchResult[]): number {
  const figures = done.flatMap((one) => one.figures);
  const met = figures.filter((one) => 'isMet' in one && one.isMet).length;
  const skipped = figures.filter((one) => 'skipped' in one).length;
  const broken = done.filter(({ error }) => error !== undefined).length;
  const missed = figures.length - met - skipped + broken;
  say(`\n${met} met, ${missed} missed, ${skipped} skipped`);
  return missed === 0 ? 0 : 1;
}
