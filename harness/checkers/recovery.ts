// Does memory come back once the faults are healed, how fast, and what stays? Resident memory along
// time, from the phases baseline and settle; a run without both has no recovery to report.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import type { Sample } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import type { Verdict } from '../verdict.ts';

/** Back means within a tenth of the baseline, or 8 MiB, which the allocator keeps anyway. */
const toleratedShare = 0.1;
const toleratedBytes = 8 * 1024 ** 2;

/** Null also when memory was not back by the end: then there is no time to state. */
export function recoveryOf(record: RunRecord): Verdict['recovery'] {
  const ends = endsOf(record);
  if (ends === null) return null;
  const { before, rest, after, healedMs } = ends;
  const limit = before + Math.max(toleratedBytes, toleratedShare * before);
  const lastAbove = after.findLastIndex((sample) => sample.value > limit);
  const back = after[lastAbove + 1];
  if (back === undefined) return null;
  return { seconds: (back.timeMs - healedMs) / 1000, residualBytes: rest - before };
}

/** What is left above the baseline at the end, back or not; null where nothing was read. */
export function leftBytesOf(record: RunRecord): number | null {
  const ends = endsOf(record);
  return ends === null ? null : ends.rest - ends.before;
}

/** Memory before the stress, after the healing, and at rest in the end. */
function endsOf(record: RunRecord) {
  const phase = (name: string) => record.phases.find((mark) => mark.name === name);
  const baseline = phase('baseline');
  const settle = phase('settle');
  // A scenario may stress and heal in rounds: recovery begins when the last fault was healed.
  const healed = record.phases.findLast(({ name }) => /^heal(?:-|$)/.test(name)) ?? settle;
  if (baseline === undefined || settle === undefined || healed === undefined) return null;
  const samples = memoryOf(record);
  const before = median(valuesBetween(samples, baseline.startMs, baseline.endMs));
  const after = samples.filter((sample) => sample.timeMs >= healed.startMs);
  const settled = valuesBetween(samples, settle.startMs, settle.endMs);
  const rest = median(settled.slice(-Math.max(3, Math.ceil(settled.length / 3))));
  return before === null || rest === null
    ? null
    : { before, rest, after, healedMs: healed.startMs };
}

function memoryOf(record: RunRecord): readonly Sample[] {
  const of = (metric: MetricName) => record.samples.filter((sample) => sample.metric === metric);
  const anonymous = of('anonBytes');
  return anonymous.length > 0 ? anonymous : of('rssBytes');
}

export function valuesBetween(
  samples: readonly Sample[],
  startMs: number,
  endMs: number | null,
): readonly number[] {
  return samples
    .filter((sample) => sample.timeMs >= startMs && sample.timeMs <= (endMs ?? Infinity))
    .map((sample) => sample.value);
}
