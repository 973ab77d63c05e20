// Holds a run to its budget (../budget.ts): what it keeps per request, its peak, how soon memory
// was back. What surely lies above a limit fails; what cannot be told apart is inconclusive.

import type { Limits } from '../budget.ts';
import type { RunRecord } from '../record.ts';
import { type Evidence, type Outcome, type Verdict, worst } from '../verdict.ts';
import { amount } from './channel-sentence.ts';
import type { Judgement } from './checker.ts';

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
  const kept = `${amount(rate.estimate, 'bytes')} ${interval} are kept`;
  if (rate.low > limit) {
    return { outcome: 'fail', sentence: `The budget ${of} is exceeded: ${kept}.`, evidence };
  }
  if (rate.high <= limit) {
    return { outcome: 'pass', sentence: `The budget ${of} is kept.`, evidence };
  }
  const sentence = `Too noisy for the budget ${of}: ${kept}.`;
  return { outcome: 'inconclusive', sentence, evidence };
}

function notMeasured(of: string): Held {
  const sentence = `Whether the budget ${of} is kept was not measured.`;
  return { outcome: 'inconclusive', sentence, evidence: [] };
}

function peak({ samples }: RunRecord, { peakBytes: limit }: Limits): Held | null {
  if (limit === null) return null;
  let highest = 0;
  for (const { metric, value } of samples) {
    if (metric === 'rssBytes') highest = Math.max(highest, value);
  }
  const of = `of ${amount(limit, 'bytes')} at the peak`;
  if (highest === 0) return notMeasured(of);
  const evidence = [
    { label: 'budget at the peak', value: limit, unit: 'bytes' },
    { label: 'peak', value: highest, unit: 'bytes' },
  ];
  const isKept = highest <= limit;
  const what = isKept ? 'is kept' : `is exceeded: it was ${amount(highest, 'bytes')}`;
  return { outcome: isKept ? 'pass' : 'fail', sentence: `The budget ${of} ${what}.`, evidence };
}

/** A scenario without a baseline and a rest at its end has no recovery to hold to a budget. */
function recovery(
  { phases, samples }: RunRecord,
  { recovery: measured }: Measured,
  { recoveryMs, residualBytes }: Limits,
): readonly Held[] {
  const has = (name: string) => phases.some((mark) => mark.name === name && mark.endMs !== null);
  if (!has('baseline') || !has('settle')) return [];
  const held: Held[] = [];
  // Without a reading nothing is known of memory; that it never came back is known by readings.
  const isRead = samples.some(({ metric }) => metric === 'anonBytes' || metric === 'rssBytes');
  if (!isRead) {
    if (recoveryMs !== null)
      held.push(notMeasured(`of ${recoveryMs / 1000} s until memory is back`));
    if (residualBytes !== null) {
      held.push(notMeasured(`of ${amount(residualBytes, 'bytes')} above the baseline`));
    }
    return held;
  }
  if (recoveryMs !== null) {
    const of = `of ${recoveryMs / 1000} s until memory is back`;
    const seconds = measured?.seconds ?? null;
    const isKept = seconds !== null && seconds * 1000 <= recoveryMs;
    const what = isKept
      ? 'is kept'
      : `is exceeded: it ${seconds === null ? 'was not back by the end' : `took ${seconds} s`}`;
    held.push({
      outcome: isKept ? 'pass' : 'fail',
      sentence: `The budget ${of} ${what}.`,
      evidence: seconds === null ? [] : [{ label: 'recovery', value: seconds, unit: 'seconds' }],
    });
  }
  if (residualBytes !== null && measured !== null) {
    const isKept = measured.residualBytes <= residualBytes;
    const left = amount(measured.residualBytes, 'bytes');
    const of = `of ${amount(residualBytes, 'bytes')} above the baseline`;
    held.push({
      outcome: isKept ? 'pass' : 'fail',
      sentence: `The budget ${of} ${isKept ? 'is kept' : `is exceeded: ${left} were left`}.`,
      evidence: [
        { label: 'left above the baseline', value: measured.residualBytes, unit: 'bytes' },
      ],
    });
  }
  return held;
}
