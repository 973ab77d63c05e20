// Judges the levels of the leak experiment: leak fails, bounded and clean pass, and too little to
// tell is inconclusive. The decision itself is leak-experiment.ts, which the runner also asked.

import type { RunRecord } from '../record.ts';
import { type MetricName, metrics } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import type { Evidence, Outcome, ResourceFinding } from '../verdict.ts';
import { aftermathOf } from './aftermath.ts';
import { amount } from './channel-sentence.ts';
import type { Checker, Judgement } from './checker.ts';
import { type ExperimentOptions, smokeExperiment } from './experiment-options.ts';
import { fitToRuntime } from './garbage.ts';
import {
  growthAtRest,
  growthOfElements,
  type HiddenGrowth,
  type Inquiry,
  kindsSentence,
  levelsOf,
} from './inquiry.ts';
import { conclude, type ExperimentFinding, findingOf } from './leak-experiment.ts';
import { decisiveLife } from './lives.ts';
import { rankResources } from './rank-resources.ts';

export interface LeakCheckOptions {
  /** Levels of this phase are the experiment's. */
  readonly phase: string;
  /** Must be what the runner decided with, else the two may differ. */
  readonly experiment: ExperimentOptions;
  /** How the cause was looked into, where it was. */
  readonly inquiry?: Inquiry;
}

/** Where scenarios watch what becomes of a leak once the work has stopped. */
const restPhase = 'release';

const outcomes: Readonly<Record<ExperimentFinding, Outcome>> = {
  clean: 'pass',
  'growth-saturating': 'pass',
  'growth-sustained': 'fail',
  undecided: 'inconclusive',
};

export function leakChecker(options: Partial<LeakCheckOptions> = {}): Checker {
  const { phase = 'stress', experiment = smokeExperiment, inquiry } = options;
  return {
    name: 'leak',
    needs: [],
    check(record) {
      if (inquiry === undefined) return judge(record, phase, experiment);
      const { levels } = record;
      const isRefilled = levelsOf(inquiry.refill, levels).length > 0;
      const judged = judge(record, isRefilled ? inquiry.refill : phase, experiment);
      const told = isRefilled ? refillSentence(judged, levelsOf(inquiry.refill, levels)) : '';
      if (judged.outcome === 'fail') {
        return { ...judged, reason: `${judged.reason}${kindsSentence(levels, inquiry)}${told}` };
      }
      // What grows with time alone fills collections between two counts as well.
      const atRest = growthAtRest(levels, inquiry);
      if (atRest !== null) return hiddenLeak(judged, atRest, restWords);
      const ofElements = growthOfElements(levels, inquiry);
      if (ofElements !== null) return hiddenLeak(judged, ofElements, elementWords);
      return { ...judged, reason: `${judged.reason}${kindsSentence(levels, inquiry)}${told}` };
    },
  };
}

const elementWords = (rate: string) =>
  `Maps, Sets and Arrays fill by ${rate} entries per request; their memory grows in steps.`;
const restWords = (rate: string, metric: MetricName) =>
  `${metric} grows at rest by ${rate} per second: with time, not with requests.`;

/** Levels under work said nothing of it. */
function hiddenLeak(
  judged: Judgement,
  { metric, rate }: HiddenGrowth,
  say: (rate: string, metric: MetricName) => string,
): Judgement {
  const reason = say(amount(rate.estimate, metrics[metric].unit), metric);
  const isPerRequest = metric === 'elementCount';
  const found = {
    metric,
    finding: 'leak',
    perRequest: isPerRequest ? rate : null,
    resolution: null,
    exponent: null,
    reason,
  } satisfies ResourceFinding;
  const others = (judged.resources ?? []).filter((channel) => channel.metric !== metric);
  const resources = rankResources([found, ...others]);
  return { ...judged, outcome: 'fail', finding: 'leak', reason, resources };
}

/** What growth with new keys alone came to. */
function refillSentence({ finding }: Judgement, levels: readonly Level[]): string {
  const keys = levels.at(-1)?.totalRequests;
  if (finding === 'leak') return ` It is kept for each new key, and ${keys} keys did not fill it.`;
  if (finding === 'undecided') return '';
  return ` It grew with new keys until it was full: ${keys} more of them added nothing at the end.`;
}

function judge(record: RunRecord, phase: string, experiment: ExperimentOptions): Judgement {
  const levels = decisiveLife(levelsOf(phase, record.levels), experiment);
  const last = levels.at(-1);
  if (last === undefined) {
    const reason = `No level was read in phase "${phase}", so nothing can be said about leaks.`;
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const concluded = conclude(levels, fitToRuntime(record.header.gateway.runtime, experiment));
  const rest = levelsOf(restPhase, record.levels).filter(({ timeMs }) => timeMs > last.timeMs);
  const channels = afterRest(concluded.channels, levels, rest);
  const isReleased = concluded.finding === 'growth-sustained' && !channels.some(isLeak);
  const finding = isReleased ? 'growth-saturating' : concluded.finding;
  return {
    outcome: outcomes[finding],
    reason: reasonOf(finding, channels, levels.length, last.totalRequests),
    evidence: [
      { label: 'cycles', value: levels.length },
      { label: 'requests in cycles', value: last.totalRequests },
      ...channels.flatMap(evidenceOf),
    ],
    warnings: channels.flatMap((channel) => warningsOf(channel, finding)),
    finding: findingOf[finding],
    resources: channels,
    // A profile of a gateway that does not leak names nobody.
    suspects: finding === 'growth-sustained' ? record.suspects : [],
  };
}

function isLeak({ finding }: ResourceFinding): boolean {
  return finding === 'leak';
}

/** Growth that is given back at rest is bounded; growth that goes on at rest is told as such. */
function afterRest(
  channels: readonly ResourceFinding[],
  work: readonly Level[],
  rest: readonly Level[],
): readonly ResourceFinding[] {
  const told = channels.map((channel) => {
    const after = isLeak(channel) ? aftermathOf(channel.metric, work, rest) : null;
    if (after === null) return channel;
    const { metric, reason } = channel;
    if (after.releasedAfterMs !== null) {
      const seconds = Math.round(after.releasedAfterMs / 1000);
      const released = `More than half of it was given back within ${seconds} s of rest.`;
      return { ...channel, finding: 'bounded' as const, reason: `${reason} ${released}` };
    }
    if (after.idlePerSecond === null || !after.isTimeDriven) return channel;
    const rate = amount(after.idlePerSecond, metrics[metric].unit);
    const grows = `It grows at rest as well, by ${rate} per second: with time, not with requests.`;
    return { ...channel, reason: `${reason} ${grows}` };
  });
  return rankResources(told);
}

function reasonOf(
  finding: ExperimentFinding,
  channels: readonly ResourceFinding[],
  cycles: number,
  requests: number,
): string {
  const over = `over ${requests} requests in ${cycles} cycles`;
  const about = channels.find((channel) => channel.finding === findingOf[finding]);
  switch (finding) {
    case 'growth-sustained':
    case 'growth-saturating':
    case 'undecided':
      return about?.reason ?? `No channel of the experiment was measured ${over}.`;
    case 'clean':
      return `Nothing grows ${over}; smallest leak that would have shown: ${resolutions(channels)}.`;
    default:
      return finding satisfies never;
  }
}

function resolutions(channels: readonly ResourceFinding[]): string {
  return channels
    .filter((channel) => channel.finding === 'clean' && channel.resolution !== null)
    .map(({ metric, resolution }) => `${metric} ${amount(resolution ?? 0, metrics[metric].unit)}`)
    .join(', ');
}

function evidenceOf({ metric, perRequest, resolution }: ResourceFinding): readonly Evidence[] {
  const unit = `${metrics[metric].unit} per request`;
  const figures: readonly (readonly [string, number | undefined | null])[] = [
    ['estimate', perRequest?.estimate],
    ['low', perRequest?.low],
    ['high', perRequest?.high],
    ['resolution', resolution],
  ];
  return figures.flatMap(([name, value]) =>
    typeof value === 'number' ? [{ label: `${metric} ${name}`, value, unit }] : [],
  );
}

/** What the finding rests on is its reason; what moved beside it is worth a word. */
function warningsOf(channel: ResourceFinding, finding: ExperimentFinding): readonly string[] {
  const isBeside = finding === 'clean' || finding === 'growth-saturating';
  return isBeside && channel.finding === 'undecided' ? [channel.reason] : [];
}
