// Holds a run to its budget (../budget.ts): what it keeps per request, its peak, how soon memory
// was back. What surely lies above a limit fails; what cannot be told apart is inconclusive.

import type { Limits } from '../budget.ts';
import type { RunRecord } from '../record.ts';
import { type Evidence, type Outcome, type Verdict, worst } from '../verdict.ts';
import { amount } from './channel-sentence.ts';
import type { Judgement } from './checker.ts';
import { leftBytesOf } from './recovery.ts';

type Measured = Pick<Verdict, 'retainedBytesPerRequest' | 'recovery'>;

interface Held {
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
}

export function judgeBudget(record: RunRecord, measured: Measured, limits: Limits): Judgement {
  const held = [
    retained(measured, limits),
    peak(record, limits),
    ...recovery(record, measured, limits),
  ].filter((each) => each !== null);
  const outcome = worst(held.map((each) => each.outcome));
  const decisive = held.filter((each) => each.outcome === outcome);
  return {
    outcome,
    reason: held.length === 0 ? 'The budget has no limit for it.' : sentences(decisive),
    evidence: held.flatMap(({ evidence }) => evidence),
    warnings: [],
  };
}

const sentences = (held: readonly Held[]) => held.map(({ sentence }) => sentence).join(' ');

function retained(
  { retainedBytesPerRequest: rate }: Measured,
  { bytesPerRequest: limit }: Limits,
): Held | null {
  if (limit === null) return null;
  const of = `of ${amount(limit, 'bytes')} per request`;
  if (rate === null) return notMeasured(of);
  const evidence = [
    { label: 'budget per request', value: limit, unit: 'bytes' },
    { label: 'kept per request, at most', value: rate.high, unit: 'bytes' },
  ];
  const interval = `[${amount(rate.low, 'bytes')}, ${amount(rate.high, 'bytes')}]`;
  const told = `${amount(rate.estimate, 'bytes')} ${interval} are kept`;
  if (rate.low > limit) return kept(of, false, `is exceeded: ${told}`, evidence);
  if (rate.high <= limit) return kept(of, true, '', evidence);
  const sentence = `Too noisy for the budget ${of}: ${told}.`;
  return { outcome: 'inconclusive', sentence, evidence };
}

function notMeasured(of: string): Held {
  const sentence = `Whether the budget ${of} is kept was not measured.`;
  return { outcome: 'inconclusive', sentence, evidence: [] };
}

/** The kernel's own mark sees what is over before the next sample; not every process has one. */
function peak({ samples, levels }: RunRecord, { peakBytes: limit }: Limits): Held | null {
  if (limit === null) return null;
  let highest = 0;
  for (const { metric, value } of samples) {
    if (metric === 'rssBytes') highest = Math.max(highest, value);
  }
  for (const { values } of levels) highest = Math.max(highest, values.peakRssBytes ?? 0);
  const of = `of ${amount(limit, 'bytes')} at the peak`;
  if (highest === 0) return notMeasured(of);
  const evidence = [
    { label: 'budget at the peak', value: limit, unit: 'bytes' },
    { label: 'peak', value: highest, unit: 'bytes' },
  ];
  const excess = `is exceeded: it was ${amount(highest, 'bytes')}`;
  return kept(of, highest <= limit, excess, evidence);
}

/** A scenario without a baseline and a rest at its end has no recovery to hold to a budget. */
function recovery(
  record: RunRecord,
  { recovery: measured }: Measured,
  { recoveryMs, residualBytes: limit }: Limits,
): readonly Held[] {
  const has = (name: string) =>
    record.phases.some((mark) => mark.name === name && mark.endMs !== null);
  if (!has('baseline') || !has('settle')) return [];
  // Without a reading nothing is known of memory; that it never came back is known by readings.
  const left = measured?.residualBytes ?? leftBytesOf(record);
  const held: Held[] = [];
  if (recoveryMs !== null) {
    const of = `of ${recoveryMs / 1000} s until memory is back`;
    held.push(left === null ? notMeasured(of) : inTime(of, measured?.seconds ?? null, recoveryMs));
  }
  if (limit !== null) {
    const of = `of ${amount(limit, 'bytes')} above the baseline`;
    held.push(left === null ? notMeasured(of) : within(of, left, limit));
  }
  return held;
}

function inTime(of: string, seconds: number | null, limitMs: number): Held {
  if (seconds === null) return kept(of, false, 'is exceeded: it was not back by the end', []);
  const evidence = [{ label: 'recovery', value: seconds, unit: 'seconds' }];
  return kept(of, seconds * 1000 <= limitMs, `is exceeded: it took ${seconds} s`, evidence);
}

function within(of: string, left: number, limit: number): Held {
  const evidence = [{ label: 'left above the baseline', value: left, unit: 'bytes' }];
  return kept(of, left <= limit, `is exceeded: ${amount(left, 'bytes')} were left`, evidence);
}

function kept(of: string, isKept: boolean, excess: string, evidence: readonly Evidence[]): Held {
  const sentence = `The budget ${of} ${isKept ? 'is kept' : excess}.`;
  return { outcome: isKept ? 'pass' : 'fail', sentence, evidence };
}
