// The corpus of small real apps: are all planted leaks found and no innocent accused, on every
// Node that is named, and how soon? Hours in all, so results are kept as they come, one line each,
// and what FILE holds already is not run again.
//   node test/bench/real-apps.ts [--node 20,22,24,26] [--only NAME] [--clean-runs 300] [--seed 1]
//     [--out FILE] [--limit N] [--table]
// Each leak runs once with each Node, the innocents in turn until there are so many clean runs.
// --table only prints what FILE holds. Exit code 1 on a miss or a false alarm.

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { stopOnSignals } from '../../harness/cli/stop-on-signals.ts';
import { type Rng, seededRng } from '../../injectors/determinism.ts';
import { startMocks } from '../../mocks/server.ts';
import { corpusLeaks, innocents } from '../gallery/corpus.ts';
import { type CorpusRow, corpusTable, rowKey } from '../gallery/corpus-table.ts';
import { runRealApp } from '../gallery/real-app.ts';

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: '20,22,24,26' },
    only: { type: 'string', default: '' },
    'clean-runs': { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'real-apps.ndjson' },
    limit: { type: 'string', default: 'Infinity' },
    table: { type: 'boolean', default: false },
  },
});

type Planned = Pick<CorpusRow, 'file' | 'node' | 'round' | 'seed'>;

const rows: CorpusRow[] = existsSync(values.out)
  ? readFileSync(values.out, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CorpusRow)
  : [];
if (!values.table) await runAll();
process.stdout.write(`${corpusTable(rows).text}\n`);
process.exitCode = corpusTable(rows).isMet ? 0 : 1;

async function runAll(): Promise<void> {
  const signal = stopOnSignals();
  await using mocks = await startMocks({ port: 0 });
  mkdirSync(dirname(values.out), { recursive: true });
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const done = new Set(rows.map(rowKey));
  const open = planned().filter((one) => !done.has(rowKey(one)));
  for (const one of open.slice(0, Number(values.limit))) {
    if (signal.aborted) return;
    const shared = { ...one, commit, mocksUrl: mocks.url, signal };
    const result = await runRealApp(shared).catch((error: unknown) => {
      // Nothing was measured, so nothing is kept: it is run again the next time.
      const why = error instanceof Error ? error.message : String(error);
      process.stdout.write(`${rowKey(one)} was not run: ${why}\n`);
      return null;
    });
    if (result === null) continue;
    const row = { ...one, commit, ...result };
    appendFileSync(values.out, `${JSON.stringify(row)}\n`);
    rows.push(row);
    process.stdout.write(`${rowLine(row)}\n`);
  }
}

function rowLine(row: CorpusRow): string {
  const { finding, leaking, reason, requestsPerSecond } = row;
  const seconds = [row.growthSeconds, row.sustainedSeconds, row.verdictSeconds];
  const times = seconds.map((time) => time?.toFixed(1) ?? '-').join(' / ');
  return (
    `${rowKey(row)}: ${finding} ${leaking.join(',')}, ${times} s at ${requestsPerSecond}/s\n` +
    `  ${reason}`
  );
}

/**
 * All runs, in an order drawn from the seed: each app once, with any Node, then each once more, so
 * that what is there at any time is a fair part of the whole.
 */
function planned(): readonly Planned[] {
  const rng = seededRng(Number(values.seed));
  const nodes = values.node.split(',');
  const isWanted = (file: string) => file.includes(values.only);
  const clean = innocents.filter(isWanted);
  const rounds = Math.ceil(Number(values['clean-runs']) / (clean.length * nodes.length));
  const leaks = corpusLeaks.map(({ file }) => file).filter(isWanted);
  const runsOf = (file: string, count: number) => {
    const runs = nodes.flatMap((node) =>
      Array.from({ length: count }, (_, index) => placed(rng, { file, node, round: index + 1 })),
    );
    return runs.toSorted(byPlace).map((run, turn) => ({ ...run, turn }));
  };
  return [...leaks.flatMap((file) => runsOf(file, 1)), ...clean.flatMap((f) => runsOf(f, rounds))]
    .toSorted((a, b) => a.turn - b.turn || byPlace(a, b))
    .map(({ one }) => one);
}

interface Placed {
  readonly one: Planned;
  readonly place: number;
}

function placed(rng: Rng, one: Omit<Planned, 'seed'>): Placed {
  const own = rng.fork(rowKey(one));
  return { one: { ...one, seed: own.integer(1, 1_000_000) }, place: own.next() };
}

function byPlace(a: Placed, b: Placed): number {
  return a.place - b.place;
}
