// A stretch of requests that make some garbage in their target, with probes that look at it beside
// them or without: how long the slowest took, and what the target's threads spent on a request.
// CPU time is the kernel's, in nanoseconds: it does not mind who else uses the machine.

import { readdirSync, readFileSync } from 'node:fs';
import { Pool } from 'undici';
import type { Probe } from '../../../harness/probes/probe.ts';
import { quantile } from '../../../harness/stats/quantile.ts';
import type { ChildSubject } from '../../../harness/subjects/child-process.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';

const { nowMs } = systemClock;
const users = 4;

export interface Stretch {
  readonly p99Ms: number;
  readonly cpuPerRequestUs: number;
}

export interface StretchOptions {
  readonly seconds: number;
  readonly sampleEveryMs: number;
}

export async function probedStretch(
  subject: ChildSubject,
  probes: readonly Probe[],
  { seconds, sampleEveryMs }: StretchOptions,
): Promise<Stretch> {
  await using stack = new AsyncDisposableStack();
  const attached = await Promise.all(probes.map((probe) => probe.attach(subject, nowMs)));
  for (const one of attached) stack.use(one);
  const pool = new Pool(subject.url, { connections: users });
  const latencies: number[] = [];
  const before = threadsCpuUs(subject);
  const endMs = nowMs() + 1000 * seconds;
  const work = async () => {
    while (nowMs() < endMs) {
      const startMs = nowMs();
      const { body } = await pool.request({ method: 'GET', path: '/garbage?bytes=20000' });
      await body.dump();
      latencies.push(nowMs() - startMs);
    }
  };
  const sampling = async () => {
    for (let nextMs = nowMs(); attached.length > 0 && nowMs() < endMs; nextMs += sampleEveryMs) {
      for (const one of attached) {
        await one.sample();
        one.drainEvents?.();
      }
      await sleep(Math.max(0, nextMs + sampleEveryMs - nowMs()));
    }
  };
  await Promise.all([...Array.from({ length: users }, work), sampling()]);
  const after = threadsCpuUs(subject);
  await pool.close();
  return {
    p99Ms: quantile(latencies, 0.99) ?? Number.NaN,
    cpuPerRequestUs: (after - before) / latencies.length,
  };
}

/** Ratios of pairs, with and without in turns, so that a drift of the machine falls on both. */
export async function probedPairs(
  subject: ChildSubject,
  probes: readonly Probe[],
  { pairs, ...options }: StretchOptions & { readonly pairs: number },
) {
  const p99: number[] = [];
  const cpu: number[] = [];
  for (let nth = 0; nth < pairs; nth++) {
    const isFirst = nth % 2 === 0;
    const first = await probedStretch(subject, isFirst ? probes : [], options);
    const second = await probedStretch(subject, isFirst ? [] : probes, options);
    const [probed, plain] = isFirst ? [first, second] : [second, first];
    p99.push(probed.p99Ms / plain.p99Ms);
    cpu.push(probed.cpuPerRequestUs / plain.cpuPerRequestUs);
  }
  return { p99, cpu };
}

/** CPU time of all threads; one that has ended is not counted. */
export function threadsCpuUs({ pid }: ChildSubject): number {
  const folder = `/proc/${pid}/task`;
  const times = readdirSync(folder).map((thread) => {
    return Number(readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1000;
  });
  return times.reduce((sum, time) => sum + time, 0);
}
