// The museum of real leaks, entry by entry: the version that leaks is convicted, the mended one
// acquitted, and what was measured stands beside what was published. Runs the real command line;
// packages are installed the first time. Exit code 77, "skipped", where npm cannot be reached. With
// --kept what was measured is kept in a folder, and a run that was cut short goes on from there.
//
//   node test/e2e/museum.ts [--only a,b] [--rest 330] [--seed N] [--kept FOLDER]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { museum } from '../../harness/museum/index.ts';
import { writeRate } from '../../harness/reports/numbers.ts';
import { metricLabels, principalResource } from '../../harness/reports/wording.ts';
import { metrics } from '../../harness/series/metrics.ts';
import type { Verdict } from '../../harness/verdict.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rest: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    kept: { type: 'string' },
  },
});

interface Told {
  readonly outcome: string;
  readonly seconds: number;
  readonly rows: readonly {
    readonly packages: readonly string[];
    readonly expected: string;
    readonly verdict: Verdict;
  }[];
}

const command = fileURLToPath(new URL('../../harness/cli/leakbed.mjs', import.meta.url));
const out = await mkdtemp(join(tmpdir(), 'leakbed-museum-'));
const skipped = 77;

/** As it was told before, where that was kept; else as it is told now. */
async function toldOf(slug: string): Promise<Told | string> {
  if (values.kept === undefined) return await reproduce(slug);
  await mkdir(values.kept, { recursive: true });
  const file = join(values.kept, `${slug}-rest${values.rest}-seed${values.seed}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Told;
  const told = await reproduce(slug);
  if (typeof told !== 'string') writeFileSync(file, JSON.stringify(told));
  return told;
}

/** What the command told, or its last words where it told nothing. */
async function reproduce(slug: string): Promise<Told | string> {
  const startedMs = performance.now();
  const options = [
    '--no-suspects',
    '--rest',
    values.rest,
    '--seed',
    values.seed,
    '--out',
    out,
    '--json',
  ];
  const child = spawn(process.execPath, [command, 'repro', slug, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let words = '';
  child.stdout.on('data', (data) => {
    text += String(data);
  });
  child.stderr.on('data', (data) => {
    words = (words + String(data)).slice(-1000);
  });
  await once(child, 'close');
  if (text === '') return words.trim();
  const told = JSON.parse(text) as Omit<Told, 'seconds'>;
  return { ...told, seconds: (performance.now() - startedMs) / 1000 };
}

const titles = ['entry', 'version', 'expected', 'finding', 'resource', 'per call', 's', ''];
const widths = [26, 36, 9, 10, 24, 30, 4, 6];
const show = (cells: readonly string[]) =>
  process.stdout.write(
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join(' ')
      .trimEnd()}\n`,
  );

function cellsOf({ packages, expected, verdict }: Told['rows'][number]): readonly string[] {
  const resource = principalResource(verdict);
  const unit = resource === null ? 'bytes' : metrics[resource.metric].unit;
  return [
    packages[0] ?? '',
    expected,
    verdict.finding,
    verdict.resource === null ? '' : metricLabels[verdict.resource],
    writeRate(resource?.perRequest ?? null, unit),
  ];
}

const wanted = values.only?.split(',') ?? museum.map(({ slug }) => slug);
const unknown = wanted.filter((slug) => !museum.some((entry) => entry.slug === slug));
if (unknown.length > 0) throw new Error(`Cannot run ${unknown.join(', ')}: no such entry.`);

show(titles);
let totalSeconds = 0;
let rightCount = 0;
let awayCount = 0;
for (const { slug, published } of museum.filter((entry) => wanted.includes(entry.slug))) {
  const told = await toldOf(slug);
  if (typeof told === 'string') {
    const isAway = /The registry is needed once/.test(told);
    if (isAway) awayCount++;
    show([slug, isAway ? 'skipped: not installed, and no registry' : told]);
    continue;
  }
  const isRight = told.outcome === 'pass';
  totalSeconds += told.seconds;
  if (isRight) rightCount++;
  for (const [index, row] of told.rows.entries()) {
    const isLast = index === told.rows.length - 1;
    const end = isLast ? [told.seconds.toFixed(0), isRight ? 'right' : 'WRONG'] : [];
    show([index === 0 ? slug : '', ...cellsOf(row), ...end]);
  }
  show(['', `published: ${published}`]);
}
await rm(out, { recursive: true, force: true });
const minutes = (totalSeconds / 60).toFixed(1);
const counts = `${rightCount} of ${wanted.length} right, ${awayCount} skipped`;
process.stdout.write(`\n${counts}, ${minutes} min\n`);
if (rightCount + awayCount < wanted.length) process.exitCode = 1;
else if (rightCount === 0) process.exitCode = skipped;
