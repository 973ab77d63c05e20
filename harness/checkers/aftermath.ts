// What becomes of growth once the work has stopped: is it given back after a time, or does it go on
// by itself? In: levels of the work and of the rest after it; out: what one channel did. The runner
// asks it whether to wait on, leak.ts what to call the growth.

import type { MetricName } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { kendall } from '../stats/kendall.ts';
import { theilSen } from '../stats/theil-sen.ts';

export interface Aftermath {
  /** Time after the last work at which more than half of the growth was gone, for good. */
  readonly releasedAfterMs: number | null;
  /** Growth at rest; null where none is proven. */
  readonly idlePerSecond: number | null;
  /** Growth at rest explains more than half of the growth under work. */
  readonly isTimeDriven: boolean;
}

const releasedShare = 0.5;
const explainedShare = 0.5;
const alpha = 0.01;

/** Null when the channel was not read at rest, or did not grow under work. */
export function aftermathOf(
  metric: MetricName,
  work: readonly Level[],
  rest: readonly Level[],
): Aftermath | null {
  const busy = readings(metric, work);
  const idle = readings(metric, rest);
  const first = busy[0];
  const last = busy.at(-1);
  if (first === undefined || last === undefined || idle.length === 0) return null;
  const rise = last.value - first.value;
  if (rise <= 0 || last.timeMs <= first.timeMs) return null;
  const stillThere = idle.findLastIndex(({ value }) => last.value - value <= releasedShare * rise);
  const released = idle[stillThere + 1];
  const busyPerSecond = (rise / (last.timeMs - first.timeMs)) * 1000;
  const idlePerSecond = provenSlope(idle);
  return {
    releasedAfterMs: released === undefined ? null : released.timeMs - last.timeMs,
    idlePerSecond,
    isTimeDriven: idlePerSecond !== null && idlePerSecond > explainedShare * busyPerSecond,
  };
}

interface TimedValue {
  readonly timeMs: number;
  readonly value: number;
}

function readings(metric: MetricName, levels: readonly Level[]): readonly TimedValue[] {
  return levels.flatMap(({ timeMs, values }) => {
    const value = values[metric];
    return value === undefined ? [] : [{ timeMs, value }];
  });
}

function provenSlope(idle: readonly TimedValue[]): number | null {
  const seconds = idle.map(({ timeMs }) => timeMs / 1000);
  const values = idle.map(({ value }) => value);
  const p = kendall(seconds, values)?.pUpper ?? 1;
  const slope = theilSen(seconds, values, 1 - alpha)?.slope ?? 0;
  return p < alpha && slope > 0 ? slope : null;
}
