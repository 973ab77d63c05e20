// Does `leakbed matrix` find the cells in which a gateway leaks, and no others? The reference
// gateway is unmodified; test/fixtures/fault-leaks.ts has it forget requests that were throttled
// and those whose client left. Which cells these are is told by the ids of those it kept.
//   node test/bench/matrix.ts [--fault NAME…] [--clean] [--resume FOLDER] [--out FOLDER] [--seed 1]
// FOLDER is a new one; the report is left in it. `--clean` plants nothing: every cell has to be
// clean.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cellPhase, type MatrixCell } from '../../harness/checkers/matrix-cells.ts';
import { readRecord } from '../../harness/record-reader.ts';
import { systemClock } from '../../injectors/determinism.ts';

const { values } = parseArgs({
  options: {
    fault: { type: 'string', multiple: true, default: [] },
    clean: { type: 'boolean', default: false },
    resume: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const out = values.out ?? (await mkdtemp(join(tmpdir(), 'leakbed-matrix-')));
const keptFile = join(out, 'kept.txt');
const startedMs = systemClock.nowMs();
const cells = await run();
const kept = values.clean ? new Map<string, number>() : await keptByPhase();
const rows = cells.map((cell) => ({
  cell,
  share: (kept.get(cellPhase(cell, 'fault')) ?? 0) / cell.requests.total,
}));
const judged = rows.filter(({ share }) => share >= 0.9 || share <= 0.02);
const wrong = judged.filter(({ cell, share }) => (cell.finding === 'leak') !== share >= 0.9);
for (const { cell, share } of wrong) {
  const name = `${cell.provider}/${cell.transport} ${cell.fault}`;
  const truth = share >= 0.9 ? 'leaks' : 'is clean';
  process.stdout.write(`WRONG: ${name} ${truth}, found ${cell.finding}: ${cell.reason}\n`);
}
const guilty = judged.filter(({ share }) => share >= 0.9).length;
const seconds = Math.round((systemClock.nowMs() - startedMs) / 1000);
process.stdout.write(
  `${cells.length} cells of ${new Set(cells.map(({ fault }) => fault)).size} faults in ${seconds} s: ` +
    `${guilty} leak, ${judged.length - guilty} are clean, ${wrong.length} of these wrong; ` +
    `${rows.length - judged.length} keep a part of their requests\n`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** How many requests of each phase the planted leak has kept. */
async function keptByPhase(): Promise<ReadonlyMap<string, number>> {
  const ids = new Set((await readFile(keptFile, 'utf8')).split('\n'));
  const counts = new Map<string, number>();
  for (const file of await readdir(out, { recursive: true })) {
    if (basename(file) !== 'requests.ndjson') continue;
    const { requests } = await readRecord(join(out, dirname(file)));
    for (const { phase, id } of requests) {
      if (ids.has(`${id}`)) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    }
  }
  return counts;
}

async function run(): Promise<readonly MatrixCell[]> {
  const args = [
    path('../../harness/cli/leakbed.mjs'),
    'matrix',
    '--json',
    ...['--transport', 'http2', '--transport', 'grpc', '--seed', values.seed, '--out', out],
    ...values.fault.flatMap((fault) => ['--fault', fault]),
    ...(values.resume === undefined ? [] : ['--resume', values.resume]),
  ];
  const plant = values.clean
    ? {}
    : {
        NODE_OPTIONS: `--import=${path('../fixtures/fault-leaks.ts')}`,
        LEAKBED_KEPT: keptFile,
      };
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...plant },
  });
  const closed = once(child, 'close');
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  await closed;
  return (JSON.parse(text) as { readonly cells: readonly MatrixCell[] }).cells;
}
