// Does one run retain more than another? For each resource the difference of the two slopes with
// its interval, held against a margin: less than the margin is no difference that matters. Pure:
// two verdicts in, so that a verdict.json kept in a repository is a whole baseline.
//
//   regression   even the lower bound lies above the margin
//   equivalent   even the upper bound lies below the margin
//   undecided    neither: the runs were too short or too noisy for this margin, or the run did not
//                measure what the base did
//   new          the base did not measure it: told, and not judged

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
  readonly result: 'regression' | 'equivalent' | 'undecided' | 'new';
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
  const has = (verdict: Verdict, metric: MetricName) =>
    verdict.resources.some((resource) => resource.metric === metric);
  const all = [...new Set([...run.resources, ...base.resources].map(({ metric }) => metric))];
  const exact = all.filter((metric) => !noisy.includes(metric));
  const resources = (exact.some((metric) => has(base, metric)) ? exact : all).map((metric) =>
    has(base, metric)
      ? compared(metric, base, run, margins)
      : { ...compared(metric, base, run, margins), result: 'new' as const },
  );
  return {
    ...judged(resources, [...cutOf('base', base), ...cutOf('run', run)]),
    scenario: run.scenario,
    resources,
  };
}

/** What a run tells that did not come to its end; what it measured so far acquits nobody. */
function cutOf(which: string, { checks }: Verdict): readonly string[] {
  const ends = checks.filter(({ checker }) => checker === 'run');
  return ends.map(({ reason }) => `Of the ${which}: ${reason}`);
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

function judged(
  resources: readonly ComparedResource[],
  cut: readonly string[],
): Pick<Comparison, 'outcome' | 'reason'> {
  const of = (result: ComparedResource['result']) =>
    resources.filter((resource) => resource.result === result).map(({ metric }) => metric);
  const [worse, open, unknown] = [of('regression'), of('undecided'), of('new')];
  const notes = [
    ...cut,
    ...(unknown.length === 0 ? [] : [`The base did not measure ${unknown.join(', ')}.`]),
  ];
  const told = (sentence: string) => [sentence, ...notes].join(' ');
  if (worse.length > 0) {
    return { outcome: 'fail', reason: told(`It keeps more per request: ${worse.join(', ')}.`) };
  }
  const isOpen = open.length > 0 || resources.length === unknown.length;
  if (isOpen || cut.length > 0) {
    const measured = open.length > 0 ? open.join(', ') : 'no resource was measured in both';
    const why = isOpen ? measured : 'not all of the work was done';
    const reason = told(`It cannot be told whether it keeps more: ${why}.`);
    return { outcome: 'inconclusive', reason };
  }
  const reason = told('No resource grows faster than in the base, by the margin.');
  return { outcome: 'pass', reason };
}
