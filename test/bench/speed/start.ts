// How long a user waits: the command line's help, the fakes until they answer, and the smoke suite.
// By the clock, so on a busy machine the figures are those of a busy machine: a start of Node alone
// is told beside them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { median } from '../../../harness/stats/median.ts';
import { systemClock, within } from '../../../injectors/determinism.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { entry } from './server-process.ts';

const patienceMs = 240_000;

export const start: Bench = {
  name: 'start',
  what: 'leakbed --help, leakbed mocks until it answers, npm start',
  isQuick: true,
  async *run(context) {
    const turns = context.scale === 'quick' ? 5 : 15;
    const alone = await measured(turns, [process.execPath, '-e', '0']);
    context.note(`node -e 0: ${Math.round(median(alone) ?? 0)} ms`);
    const help = [entry, '--help'];
    yield figure('--help', 150, await measured(turns, [process.execPath, ...help]));
    const other = otherNode();
    if (other === undefined) {
      yield { name: '--help on another Node', skipped: 'there is no other Node on the PATH' };
    } else {
      yield figure('--help on another Node', 150, await measured(turns, [other, ...help]));
    }
    yield figure('mocks until they are ready', 600, await untilReady(turns));
    if (context.scale === 'full') yield await smokeSuite(context);
  },
};

/** The least of three in each turn: nobody waits less, and what disturbs one start is not it. */
const triesPerTurn = 3;

async function measured(turns: number, words: readonly [string, ...string[]]) {
  return await timesOf(turns, async () => {
    const startedMs = systemClock.nowMs();
    const [file, ...args] = words;
    const child = spawn(file, args, { stdio: 'ignore' });
    const [code] = await ending(child);
    if (code !== 0) throw new Error(`${words.join(' ')} ended with exit code ${code}.`);
    return systemClock.nowMs() - startedMs;
  });
}

async function untilReady(turns: number): Promise<readonly number[]> {
  return await timesOf(turns, async () => {
    const startedMs = systemClock.nowMs();
    const words = [entry, 'mocks', '--port', '0', '--json'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    const said = within(patienceMs, 'The fakes are not ready.', once(child.stdout, 'data'));
    const { url } = JSON.parse(String((await said)[0])) as { readonly url: string };
    const { status } = await fetch(`${url}/__leakbed/health`, { headers: { connection: 'close' } });
    const tookMs = systemClock.nowMs() - startedMs;
    child.kill('SIGTERM');
    await ending(child);
    if (status !== 200) throw new Error(`The fakes answer ${status}.`);
    return tookMs;
  });
}

async function timesOf(turns: number, once: () => Promise<number>): Promise<readonly number[]> {
  // The first start may have to compile.
  await once();
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    let least = Number.POSITIVE_INFINITY;
    for (let nth = 0; nth < triesPerTurn; nth++) least = Math.min(least, await once());
    times.push(least);
  }
  return times;
}

/** As `npm start` runs it. */
async function smokeSuite({ seed, note }: BenchContext): Promise<Figure> {
  const out = await mkdtemp(join(tmpdir(), 'leakbed-bench-'));
  try {
    const startedMs = systemClock.nowMs();
    const words = [entry, 'run', '--seed', String(seed), '--out', out, '--json'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    const [code] = await ending(child);
    const seconds = (systemClock.nowMs() - startedMs) / 1000;
    const { outcome } = JSON.parse(text) as { readonly outcome: string };
    note(`the smoke suite ends with ${outcome}, exit code ${code}`);
    return figure('npm start', 75, [seconds], 's');
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function ending(child: ChildProcess): Promise<readonly unknown[]> {
  return await within(patienceMs, 'It has not ended.', once(child, 'exit'));
}

/** The machine's own Node, from which leakbed hands over to the one it carries. */
function otherNode(): string | undefined {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((file) => existsSync(file) && realpathSync(file) !== realpathSync(process.execPath));
  const version = (file: string) => spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout;
  return found.find((file) => version(file).trim() !== process.version);
}

function figure(name: string, atMost: number, samples: readonly number[], unit = 'ms'): Figure {
  return { name, unit, baseline: '', bar: { atMost }, samples };
}
