// How cost grows: CPU and memory of the fakes against streams, size of events, faults of a plan
// and entries of the journal, drawn in ../results/growth.html. Nothing may grow worse than
// linearly: the exponent is that between the two largest sizes, where what is fixed weighs least.

import { writeFile } from 'node:fs/promises';
import { median } from '../../../harness/stats/median.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { bedrockPath, converseBody, http1Request } from '../../fixtures/raw-clients.ts';
import type { Bench } from './bench.ts';
import { type Curve, growthPage } from './growth-page.ts';
import { askTimes, loadHttp1 } from './http1-load.ts';
import { type ServerProcess, startMocksServer } from './server-process.ts';
import { openSlowStreams } from './slow-readers.ts';

const path = bedrockPath('converse-stream');
const page = new URL('../results/growth.html', import.meta.url);

interface Point {
  readonly cpuMs: number;
  readonly rssMiB: number;
  /** Where requests are answered one after another. */
  readonly perSecond?: number;
}

interface Axis {
  readonly name: string;
  readonly unit: string;
  /** What the CPU time is of. */
  readonly of: string;
  readonly sizes: readonly number[];
  measure(size: number, turnMs: number): Promise<Point>;
}

const axes: readonly Axis[] = [
  {
    name: 'streams',
    unit: 'streams in flight',
    of: 'a second of all of them',
    sizes: [500, 1000, 2000, 4000, 8000],
    measure: slowStreams,
  },
  {
    name: 'size of events',
    unit: 'bytes of text in each of 100 events',
    of: 'an answer',
    sizes: [64, 256, 1024, 4096, 16_384, 65_536],
    measure: (size, turnMs) => answered(`chunks=100 bytes=${size}`, turnMs),
  },
  {
    name: 'plan',
    unit: 'faults in the plan',
    of: 'an answer',
    sizes: [1, 3, 10, 30, 100],
    measure: planned,
  },
  {
    name: 'journal',
    unit: 'entries of the journal',
    of: 'reading all of it',
    sizes: [625, 1250, 2500, 5000, 10_000],
    measure: journalled,
  },
];

export const growth: Bench = {
  name: 'growth',
  what: 'CPU and memory against streams, event size, plan and journal: nothing worse than linear',
  isQuick: false,
  async *run({ scale, note }) {
    const turnMs = scale === 'quick' ? 500 : 2000;
    const curves: Curve[] = [];
    for (const { name, unit, of, sizes, measure } of axes) {
      const points: Point[] = [];
      for (const size of sizes) points.push(await measure(size, turnMs));
      const column = (key: keyof Point) => points.map((point) => point[key] ?? Number.NaN);
      curves.push({ name, unit, of, sizes, cpuMs: column('cpuMs'), rssMiB: column('rssMiB') });
      const rates = column('perSecond').map(Math.round);
      note(`${name} ${sizes.join(' ')}: ${column('cpuMs').map(shown).join(' ')} ms CPU of ${of}`);
      note(`resident ${column('rssMiB').map(shown).join(' ')} MiB`);
      if (rates.every(Number.isFinite)) note(`${rates.join(' ')} answers per CPU second`);
      for (const key of ['cpuMs', 'rssMiB'] as const) {
        yield {
          name: `${name}: exponent of ${key === 'cpuMs' ? 'CPU time' : 'memory'}`,
          unit: '',
          baseline: '',
          bar: { atMost: 1.1 },
          samples: [exponent(sizes, column(key))],
        };
      }
    }
    await writeFile(page, growthPage(curves));
    note('drawn in test/bench/results/growth.html');
  },
};

const shown = (value: number) => value.toPrecision(3);

function exponent(sizes: readonly number[], values: readonly number[]): number {
  const [small, large] = sizes.slice(-2);
  const [before, after] = values.slice(-2);
  return Math.log((after ?? 0) / (before ?? 0)) / Math.log((large ?? 0) / (small ?? 0));
}

async function slowStreams(count: number, turnMs: number): Promise<Point> {
  await using server = await startMocksServer();
  const before = server.rssBytes();
  const readers = await openSlowStreams(server, count, 50);
  await sleep(1000);
  const [startedMs, startedCpuMs] = [systemClock.nowMs(), server.cpuMs()];
  await sleep(turnMs);
  const seconds = (systemClock.nowMs() - startedMs) / 1000;
  const cpuMs = (server.cpuMs() - startedCpuMs) / seconds;
  const rssMiB = (server.rssBytes() - before) / 1024 ** 2;
  readers.close();
  return { cpuMs, rssMiB };
}

async function answered(words: string, turnMs: number, plan?: object): Promise<Point> {
  await using server = await startMocksServer();
  if (plan !== undefined) await control(server, 'plan', { method: 'PUT', ...json(plan) });
  const request = Buffer.from(http1Request(path, converseBody(`[[leakbed ${words}]]`)));
  const load = { connections: 4, durationMs: turnMs };
  // What is compiled on the way would make the smallest size look dear.
  await loadHttp1(server, request, { ...load, durationMs: turnMs * 2 });
  const rates: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    rates.push((await loadHttp1(server, request, load)).perCpuSecond);
  }
  const perSecond = median(rates) ?? Number.NaN;
  return { cpuMs: 1000 / perSecond, rssMiB: server.rssBytes() / 1024 ** 2, perSecond };
}

/** Faults that are looked at for every request and concern another model. */
function planned(count: number, turnMs: number): Promise<Point> {
  const fault = { fault: 'slow', options: { gap: 1 }, match: { model: 'mistral*' } };
  return answered('chunks=10', turnMs, { faults: Array.from({ length: count }, () => fault) });
}

async function journalled(count: number): Promise<Point> {
  await using server = await startMocksServer();
  const request = Buffer.from(http1Request(path, converseBody('[[leakbed chunks=1]]')));
  await askTimes(server, request, count);
  const costs: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const startedCpuMs = server.cpuMs();
    const { entries } = (await control(server, 'journal?since=0')) as { entries: unknown[] };
    costs.push(server.cpuMs() - startedCpuMs);
    if (entries.length !== count) throw new Error(`${entries.length} of ${count} entries.`);
  }
  return { cpuMs: median(costs) ?? Number.NaN, rssMiB: server.rssBytes() / 1024 ** 2 };
}

const json = (value: object) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

async function control(server: ServerProcess, what: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(`${server.url}/__leakbed/${what}`, init);
  if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
  return await answer.json().catch(() => undefined);
}
