// Does one run retain more than another? For each resource the difference of the two slopes with
// its interval, held against a margin: less than the margin is no difference that matters. Pure:
// two verdicts in, so that a verdict.json kept in a repository is a whole baseline.
//
//   regression   even the lower bound lies above the margin
//   equivalent   even the upper bound lies below the margin
//   undecided    neither: the runs were too short or too noisy for this margin

import { type MetricName, metrics, type Unit } from '../series/metrics.ts';
import { type Estimated, intervalDifference } from '../stats/interval-difference.ts';
import type { Outcome, RatePerRequest, Verdict } from '../verdict.ts';

export type Margins = Readonly<Record<Unit, number>>;

/** As coarse as a gateway is called clean by: 512 B, one handle in fifty requests. */
export const defaultMargins: Margins = { bytes: 512, count: 0.02, milliseconds: 1 };

export interface ComparedResource {
  readonly metric: MetricName;
  readonly base: RatePerRequest | null;
  readonly run: RatePerRequest | null;
  readonly difference: RatePerRequest | null;
  readonly margin: number;
  readonly result: 'regression' | 'equivalent' | 'undecided';
}

export interface Comparison {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly scenario: string;
  readonly resources: readonly ComparedResource[];
}

/** Resident memory moves by kilobytes for reasons that are no leak: told, and not judged. */
const noisy: readonly MetricName[] = ['anonBytes', 'nativeBytes', 'rssBytes'];

/** Throws with one sentence for verdicts that do not compare. */
export function compareVerdicts(base: Verdict, run: Verdict, margins: Margins): Comparison {
  if (base.scenario !== run.scenario) {
    throw new Error(
      `Cannot compare ${base.scenario} with ${run.scenario}: two scenarios do different work. ` +
        'Name two runs of one scenario.',
    );
  }
  const both = run.resources.filter(({ metric }) =>
    base.resources.some((resource) => resource.metric === metric),
  );
  const exact = both.filter(({ metric }) => !noisy.includes(metric));
  const resources = (exact.length > 0 ? exact : both).map(({ metric }) =>
    compared(metric, base, run, margins),
  );
  return { ...judged(resources), scenario: run.scenario, resources };
}

function compared(
  metric: MetricName,
  base: Verdict,
  run: Verdict,
  margins: Margins,
): ComparedResource {
  const rate = ({ resources }: Verdict) =>
    resources.find((resource) => resource.metric === metric)?.perRequest ?? null;
  const [from, to] = [rate(base), rate(run)];
  const margin = margins[metrics[metric].unit];
  const change = from === null || to === null ? null : intervalDifference(kept(from), kept(to));
  const confidence = Math.min(from?.confidence ?? 0, to?.confidence ?? 0);
  const difference = change === null ? null : { ...change, confidence };
  return { metric, base: from, run: to, difference, margin, result: resultOf(difference, margin) };
}

/** Nobody keeps less than nothing: a slope below zero is memory of the start, given back. */
function kept({ estimate, low, high }: RatePerRequest): Estimated {
  return { estimate: Math.max(0, estimate), low: Math.max(0, low), high: Math.max(0, high) };
}

function resultOf(difference: RatePerRequest | null, margin: number): ComparedResource['result'] {
  if (difference === null) return 'undecided';
  if (difference.low > margin) return 'regression';
  return difference.high < margin ? 'equivalent' : 'undecided';
}

function judged(resources: readonly ComparedResource[]): Pick<Comparison, 'outcome' | 'reason'> {
  const of = (result: ComparedResource['result']) =>
    resources.filter((resource) => resource.result === result).map(({ metric }) => metric);
  const [worse, open] = [of('regression'), of('undecided')];
  if (worse.length > 0) {
    return { outcome: 'fail', reason: `It keeps more per request: ${worse.join(', ')}.` };
  }
  if (open.length > 0 || resources.length === 0) {
    const what = open.length > 0 ? open.join(', ') : 'no resource was measured in both';
    return { outcome: 'inconclusive', reason: `It cannot be told whether it keeps more: ${what}.` };
  }
  return { outcome: 'pass', reason: 'No resource grows faster than in the base, by the margin.' };
}
