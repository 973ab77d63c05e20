// The two-sided table of the main job: every planted leak is convicted with the right resource
// named, in Python with its file as well; every innocent and the clean gateway are acquitted. Runs
// the real command line.
//
//   node test/e2e/leak-table.ts [--gateway reference-python] [--leak NAME]… [--clean N] [--seed N]
//
// What gives its memory back after minutes is run only when it is named, as it is watched so long.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Verdict } from '../../harness/verdict.ts';
import { leaks, pythonLeaks } from '../../injectors/leaks/index.ts';
import { type JudgedRun, judgedRun } from '../fixtures/judged-run.ts';

const { values } = parseArgs({
  options: {
    clean: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    gateway: { type: 'string', default: 'reference' },
    /** Only these; all of the gateway's by default. */
    leak: { type: 'string', multiple: true },
  },
});
const all = values.gateway === 'reference' ? leaks : pythonLeaks;
/** Further words where a usual run is too short to see it. */
const furtherWords: Readonly<Record<string, readonly string[]>> = {
  'slow-release': ['--release-watch', '330s'],
};
const planted = all.filter(({ name }) => values.leak?.includes(name) ?? !(name in furtherWords));

interface Row extends JudgedRun {
  readonly gateway: string;
  readonly seed: number;
  readonly isRight: boolean;
}

const out = await mkdtemp(join(tmpdir(), 'leakbed-table-'));

async function run(leak: string | undefined, seed: number): Promise<Omit<Row, 'isRight'>> {
  const words = ['--gateway', values.gateway, ...(leak === undefined ? [] : ['--leak', leak])];
  const args = ['streaming-connections', '--seed', `${seed}`, '--out', out];
  const judged = await judgedRun([...args, ...words, ...(furtherWords[leak ?? ''] ?? [])]);
  return { gateway: leak ?? 'clean', seed, ...judged };
}

/** In Python the leaking line is named: one of the file that all leaks there are planted by. */
function isTraced({ suspects }: Verdict): boolean {
  return values.gateway === 'reference' || suspects[0]?.file.endsWith('leakbed_leaks.py') === true;
}

/** What grew and stopped, or came back, is no leak either. */
function isAcquitted({ exitCode, verdict }: JudgedRun): boolean {
  return exitCode === 0 && (verdict?.finding === 'clean' || verdict?.finding === 'bounded');
}

const header = [
  'gateway',
  'seed',
  'exit',
  'finding',
  'resource',
  'per request',
  'suspect',
  's',
  '',
];
const widths = [18, 6, 5, 10, 14, 22, 44, 5, 5];
const show = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')}\n`);

function cellsOf({ gateway, seed, exitCode, verdict, seconds, isRight }: Row): string[] {
  const found = verdict?.resources.find(({ metric }) => metric === verdict.resource);
  const rate = found?.perRequest;
  const digits = found?.metric.endsWith('Count') ? 3 : 0;
  const interval = rate ? `${rate.low.toFixed(digits)}..${rate.high.toFixed(digits)}` : '';
  const suspect = verdict?.suspects[0];
  return [
    gateway,
    `${seed}`,
    `${exitCode}`,
    verdict?.finding ?? 'none',
    verdict?.resource ?? '',
    rate ? `${rate.estimate.toFixed(digits)} [${interval}]` : '',
    suspect === undefined ? '' : `${suspect.name} ${suspect.file}:${suspect.line}`,
    seconds.toFixed(0),
    isRight ? 'right' : 'WRONG',
  ];
}

const firstSeed = Number(values.seed);
const rows: Row[] = [];
show(header);
for (const { kind, name, resource } of planted) {
  const row = await run(name, firstSeed);
  const { verdict } = row;
  const isRight =
    kind === 'leak'
      ? row.exitCode === 1 &&
        verdict?.finding === 'leak' &&
        verdict.resource === resource &&
        isTraced(verdict)
      : isAcquitted(row);
  rows.push({ ...row, isRight });
  show(cellsOf({ ...row, isRight }));
}
for (let nth = 0; nth < Number(values.clean); nth++) {
  const row = await run(undefined, firstSeed + nth);
  const isRight = isAcquitted(row) && row.verdict?.finding === 'clean';
  rows.push({ ...row, isRight });
  show(cellsOf({ ...row, isRight }));
}
await rm(out, { recursive: true, force: true });
const wrongCount = rows.filter(({ isRight }) => !isRight).length;
process.stdout.write(`\n${rows.length - wrongCount} of ${rows.length} right\n`);
process.exitCode = wrongCount === 0 ? 0 : 1;
