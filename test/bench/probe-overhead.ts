// What each probe costs its target, measured in pairs: stretches of the same load with and without
// the probe, in the order with-without-without-with, so that a drift of the machine falls on both.
// Told are medians of the pairs' differences, and their quartiles, of the p99 and of CPU per
// request; and of the resting target the CPU that one sample and one level take. CPU is that of
// the target's threads, by the kernel's schedstat, to the nanosecond: it does not mind who else
// uses the machine. The row "nothing" has no probe on either side: what chance makes of a pair.
//
//   node test/bench/probe-overhead.ts [--pairs N] [--seconds S] [--only PROBE]

import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { startHeapProfile } from '../../harness/probes/heap-profile.ts';
import { allProbes } from '../../harness/probes/index.ts';
import type { Probe } from '../../harness/probes/probe.ts';
import { median } from '../../harness/stats/median.ts';
import { quantile } from '../../harness/stats/quantile.ts';
import { type ChildSubject, startChildProcess } from '../../harness/subjects/child-process.ts';
import { sleep, systemClock } from '../../injectors/determinism.ts';
import { leakyPythonPath } from '../fixtures/leaky-python.ts';
import { leakyAppPath } from '../fixtures/leaky-subject.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});

const { nowMs } = systemClock;
/** As the runner's sampler does. */
const sampleEveryMs = 200;
const users = 4;

interface Stretch {
  readonly p99Ms: number;
  readonly cpuPerRequestUs: number;
}

/** No probe but a mode of the target, for comparison. */
const heapProfile: Probe = {
  name: 'heap-profile',
  needs: ['inspector'],
  metrics: [],
  cost: 'only in a diagnosis',
  async attach(subject) {
    const profile = await startHeapProfile(subject, nowMs);
    const nothing = async () => ({});
    return { sample: nothing, level: nothing, [Symbol.asyncDispose]: profile[Symbol.asyncDispose] };
  },
};

const nothing: Probe = {
  name: 'nothing',
  needs: [],
  metrics: [],
  cost: 'none',
  async attach() {
    const read = async () => ({});
    return { sample: read, level: read, [Symbol.asyncDispose]: async () => {} };
  },
};

/** Requests that make some garbage, for a while, the probe sampled beside them. */
async function stretch(subject: ChildSubject, probe: Probe | null): Promise<Stretch> {
  await using attached = probe === null ? null : await probe.attach(subject, nowMs);
  const pool = new Pool(subject.url, { connections: users });
  const latencies: number[] = [];
  const before = cpuUs(subject);
  const endMs = nowMs() + 1000 * Number(values.seconds);
  const work = async () => {
    while (nowMs() < endMs) {
      const startMs = nowMs();
      const { body } = await pool.request({ method: 'GET', path: '/garbage?bytes=20000' });
      await body.dump();
      latencies.push(nowMs() - startMs);
    }
  };
  const sampling = async () => {
    if (attached === null) return;
    for (let nextMs = nowMs(); nowMs() < endMs; nextMs += sampleEveryMs) {
      await attached.sample();
      attached.drainEvents?.();
      await sleep(Math.max(0, nextMs + sampleEveryMs - nowMs()));
    }
  };
  await Promise.all([...Array.from({ length: users }, work), sampling()]);
  const after = cpuUs(subject);
  await pool.close();
  return {
    p99Ms: quantile(latencies, 0.99) ?? Number.NaN,
    cpuPerRequestUs: (after - before) / latencies.length,
  };
}

async function pairs(subject: ChildSubject, probe: Probe) {
  const p99: number[] = [];
  const cpu: number[] = [];
  for (let nth = 0; nth < Number(values.pairs); nth++) {
    const withFirst = nth % 2 === 0;
    const first = await stretch(subject, withFirst ? probe : null);
    const second = await stretch(subject, withFirst ? null : probe);
    const [probed, plain] = withFirst ? [first, second] : [second, first];
    p99.push(100 * (probed.p99Ms / plain.p99Ms - 1));
    cpu.push(100 * (probed.cpuPerRequestUs / plain.cpuPerRequestUs - 1));
  }
  return { p99, cpu };
}

/** CPU time of all threads; one that has ended is not counted. */
function cpuUs({ pid }: ChildSubject): number {
  const folder = `/proc/${pid}/task`;
  const times = readdirSync(folder).map((thread) => {
    return Number(readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1000;
  });
  return times.reduce((sum, time) => sum + time, 0);
}

const restCounts = { sample: 50, level: 7 } as const;

/** Of one sample and one level of the resting target, in microseconds, each by itself. */
async function atRest(subject: ChildSubject, probe: Probe) {
  await using attached = await probe.attach(subject, nowMs);
  const timed = async (count: number, read: () => Promise<unknown>) => {
    await read();
    const times: number[] = [];
    for (let nth = 0; nth < count; nth++) {
      const before = cpuUs(subject);
      await read();
      times.push(cpuUs(subject) - before);
    }
    return times;
  };
  return {
    sample: await timed(restCounts.sample, () => attached.sample()),
    level: await timed(restCounts.level, () => attached.level()),
  };
}

const shown = (list: readonly number[], unit: string) => {
  const finite = list.filter(Number.isFinite);
  const of = (share: number) => `${(quantile(finite, share) ?? Number.NaN).toFixed(1)}`;
  return `${(median(finite) ?? Number.NaN).toFixed(1)} ${unit} [${of(0.25)}, ${of(0.75)}]`;
};

const row = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(at === 0 ? 14 : 28)).join('')}\n`);

async function measure(subject: ChildSubject, probe: Probe): Promise<void> {
  if (probe.name !== (values.only ?? probe.name)) return;
  try {
    const { p99, cpu } = await pairs(subject, probe);
    const { sample, level } = await atRest(subject, probe);
    const levelMs = level.map((us) => us / 1000);
    row([probe.name, shown(p99, '%'), shown(cpu, '%'), shown(sample, 'µs'), shown(levelMs, 'ms')]);
  } catch (error) {
    row([probe.name, error instanceof Error ? error.message : String(error)]);
  }
}

row(['probe', 'p99 [quartiles]', 'CPU per request', 'CPU of a sample', 'CPU of a level']);
await using subject = await startChildProcess({
  name: 'leaky app',
  command: [process.execPath, leakyAppPath],
});
await stretch(subject, null);
const ofPython = ({ needs }: Probe) => needs.includes('python-agent');
const probes = allProbes({ census: { atLevels: true } });
for (const probe of [nothing, ...probes.filter((one) => !ofPython(one)), heapProfile]) {
  await measure(subject, probe);
}
await using snake = await startChildProcess({
  name: 'leaky app in Python',
  command: ['python3', leakyPythonPath],
});
await stretch(snake, null);
for (const probe of probes.filter(ofPython)) await measure(snake, probe);
