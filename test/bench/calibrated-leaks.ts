// Leaks of known size in a real Node server: how far off is the rate that the leak experiment
// tells, and what is the smallest leak that it says it would have seen? V8's optimiser is off.
//   node test/bench/calibrated-leaks.ts [--only heap|buffer|socket|none] [--cycle 600]
// Exit code 1 when a rate is off by more than 2 % or a resolution misses its bar.

import { parseArgs } from 'node:util';
import { exactExperiment } from '../../harness/checkers/experiment-options.ts';
import { conclude, decide } from '../../harness/checkers/leak-experiment.ts';
import { allProbes } from '../../harness/probes/index.ts';
import type { MetricName } from '../../harness/series/metrics.ts';
import type { Level } from '../../harness/series/sample.ts';
import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../fixtures/leaky-subject.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    cycle: { type: 'string', default: '600' },
  },
});

interface Case {
  readonly kind: 'heap' | 'buffer' | 'socket' | 'none';
  readonly metric: MetricName;
  /** What every request keeps; of sockets, one in so many. */
  readonly perRequest: number;
}

const KiB = 1024;
const cases: readonly Case[] = [
  ...[64, 256, KiB, 16 * KiB, 256 * KiB, 1024 * KiB].map(
    (perRequest) => ({ kind: 'heap', metric: 'heapBytes', perRequest }) as const,
  ),
  // V8 keeps the bytes of a buffer of up to 64 in its heap.
  ...[256, 16 * KiB, 1024 * KiB].map(
    (perRequest) => ({ kind: 'buffer', metric: 'externalBytes', perRequest }) as const,
  ),
  { kind: 'socket', metric: 'fdCount', perRequest: 1 / 25 },
  { kind: 'none', metric: 'heapBytes', perRequest: 0 },
];

const { channels } = exactExperiment;
const fine = { delta: 6, deltaClean: 8 };
const handles = { delta: 5e-5, deltaClean: 1e-4 };
const options = {
  ...exactExperiment,
  minCleanCycles: 20,
  requestsBefore: 2000,
  channels: {
    ...channels,
    heapBytes: { ...channels.heapBytes, ...fine },
    externalBytes: { ...channels.externalBytes, ...fine },
    nativeBytes: { ...channels.nativeBytes, delta: 50, deltaClean: 100 },
    fdCount: { ...channels.fdCount, ...handles },
    socketCount: { ...channels.socketCount, ...handles },
    handleCount: { ...channels.handleCount, ...handles },
  },
};
/** What a process that keeps nothing must be told to have shown, had it kept as much. */
const bars = [
  ['heapBytes', 8],
  ['externalBytes', 8],
  ['nativeBytes', 100],
  ['fdCount', 1e-4],
] as const;
/** No more than this is kept in one run. */
const mostBytes = 256 * KiB ** 2;
const maxCycles = 45;

const show = (cells: readonly (string | number)[]) =>
  process.stdout.write(
    `${cells
      .map((cell) => `${cell}`.padEnd(24))
      .join('')
      .trimEnd()}\n`,
  );
show(['leak per request', 'told', 'off by', 'resolution', 'finding, cycles, seconds']);
for (const one of cases) {
  if (one.kind.includes(values.only)) await measure(one);
}

async function measure({ kind, metric, perRequest }: Case): Promise<void> {
  const startedMs = systemClock.nowMs();
  await using stack = new AsyncDisposableStack();
  const subject = await startLeakyApp({
    teardown: (end) => stack.defer(async () => void (await end())),
  });
  const probes = [];
  for (const probe of allProbes({ inspector: { steadyCompiler: true } })) {
    const nowMs = () => systemClock.nowMs();
    const attached = await probe.attach(subject, nowMs).catch(() => null);
    if (attached !== null) probes.push(stack.use(attached));
  }
  const most = kind === 'heap' || kind === 'buffer' ? mostBytes / perRequest / maxCycles : Infinity;
  const perCycle = Math.min(Number(values.cycle), Math.max(6, Math.floor(most)));
  const rng = seededRng(1);
  const send = async (count: number) => {
    if (kind === 'socket') {
      const sockets = Math.round(count * perRequest);
      await sendRequests(subject.url, '/socket', sockets);
      await sendRequests(subject.url, '/log', count - sockets);
    } else {
      const path = kind === 'none' ? '/log' : `/${kind}?bytes=${perRequest}`;
      await sendRequests(subject.url, path, count);
    }
  };
  await sendRequests(subject.url, '/log', 800);
  // The way that leaks has to be warm too, or the code V8 adds for it looks like more of the leak.
  await send(Math.min(1600, 4 * perCycle));
  const levels: Level[] = [];
  let totalRequests = 0;
  for (let cycle = 1; cycle <= maxCycles; cycle++) {
    // Whole multiples of 25, so that one socket in 25 requests is exact.
    const step = kind === 'socket' ? 25 : 1;
    const requests = step * Math.ceil((perCycle * (0.5 + rng.next())) / step);
    await send(requests);
    await sleep(60);
    totalRequests += requests;
    let reading: Level['values'] = {};
    for (const probe of probes) reading = { ...reading, ...(await probe.level()) };
    const timeMs = systemClock.nowMs() - startedMs;
    levels.push({ phase: 'stress', cycle, requests, totalRequests, timeMs, values: reading });
    if (decide(levels, options).state === 'decided') break;
  }
  report({ kind, metric, perRequest }, levels, (systemClock.nowMs() - startedMs) / 1000);
}

function report({ metric, perRequest }: Case, levels: readonly Level[], seconds: number): void {
  const { finding, channels: found } = conclude(levels, options);
  const about = found.find((channel) => channel.metric === metric);
  const estimate = about?.perRequest?.estimate ?? Number.NaN;
  const isLeak = perRequest > 0;
  const off = isLeak ? Math.abs(estimate / perRequest - 1) : 0;
  const resolutionOf = (name: MetricName) =>
    found.find((channel) => channel.metric === name)?.resolution ?? Number.NaN;
  const resolution = isLeak
    ? `${resolutionOf(metric).toPrecision(3)}`
    : bars.map(([name]) => `${name} ${resolutionOf(name).toPrecision(3)}`).join(', ');
  const isMet = isLeak
    ? off <= 0.02 && finding === 'growth-sustained' && about?.finding === 'leak'
    : finding === 'clean' && bars.every(([name, most]) => resolutionOf(name) <= most);
  if (!isMet) process.exitCode = 1;
  if (!isMet) process.stdout.write(`${about?.reason}\n`);
  show([
    `${metric} ${Number(perRequest.toPrecision(6))}`,
    estimate.toPrecision(7),
    `${(100 * off).toFixed(2)} %${isMet ? '' : ' MISSED'}`,
    resolution,
    `${finding}, ${levels.length}, ${seconds.toFixed(0)}`,
  ]);
}
