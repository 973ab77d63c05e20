// What each probe costs its target, measured in pairs: stretches of the same load with and without
// the probe, in the order with-without-without-with, so that a drift of the machine falls on both.
// Told are medians of the pairs' differences, and their quartiles, of the p99 and of CPU per
// request; and of the resting target the CPU that one sample and one level take. CPU is that of
// the target's threads, by the kernel's schedstat, to the nanosecond: it does not mind who else
// uses the machine. The row "nothing" has no probe on either side: what chance makes of a pair.
//
//   node test/bench/probe-overhead.ts [--pairs N] [--seconds S] [--only PROBE]

import { parseArgs } from 'node:util';
import { startHeapProfile } from '../../harness/probes/heap-profile.ts';
import { allProbes } from '../../harness/probes/index.ts';
import type { Probe } from '../../harness/probes/probe.ts';
import { median } from '../../harness/stats/median.ts';
import { quantile } from '../../harness/stats/quantile.ts';
import { type ChildSubject, startChildProcess } from '../../harness/subjects/child-process.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { leakyPythonPath } from '../fixtures/leaky-python.ts';
import { leakyAppPath } from '../fixtures/leaky-subject.ts';
import { probedPairs, probedStretch, threadsCpuUs } from './speed/probed-load.ts';

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
const load = { seconds: Number(values.seconds), sampleEveryMs, pairs: Number(values.pairs) };

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

const restCounts = { sample: 50, level: 7 } as const;

/** Of one sample and one level of the resting target, in microseconds, each by itself. */
async function atRest(subject: ChildSubject, probe: Probe) {
  await using attached = await probe.attach(subject, nowMs);
  const timed = async (count: number, read: () => Promise<unknown>) => {
    await read();
    const times: number[] = [];
    for (let nth = 0; nth < count; nth++) {
      const before = threadsCpuUs(subject);
      await read();
      times.push(threadsCpuUs(subject) - before);
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
    const ratios = await probedPairs(subject, [probe], load);
    const [p99, cpu] = [ratios.p99, ratios.cpu].map((all) => all.map((ratio) => 100 * (ratio - 1)));
    if (p99 === undefined || cpu === undefined) return;
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
await probedStretch(subject, [], load);
const ofPython = ({ needs }: Probe) => needs.includes('python-agent');
const probes = allProbes({ census: { atLevels: true } });
for (const probe of [nothing, ...probes.filter((one) => !ofPython(one)), heapProfile]) {
  await measure(subject, probe);
}
await using snake = await startChildProcess({
  name: 'leaky app in Python',
  command: ['python3', leakyPythonPath],
});
await probedStretch(snake, [], load);
for (const probe of probes.filter(ofPython)) await measure(snake, probe);
