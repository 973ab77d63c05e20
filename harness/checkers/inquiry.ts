// What causes a leak that was found? Asked once it is known that it does not come back at rest:
//
//   work ──leak──► rest ──still there, and not with time──► kinds ──new keys alone──► refill
//     └──no leak──► elements: do collections fill whose memory grows only in steps?
//                   idle: does anything grow with time that was lost among the requests?
//
// `kinds` tests each kind of request by itself; `refill` asks for so many different keys that any
// cache of a sensible size is full, and looks once more. Pure: levels in, answers out, so that the
// runner (which phases are needed?) and leak.ts (what is it called?) agree.

import type { MetricName } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { kendall } from '../stats/kendall.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { RatePerRequest, ResourceFinding } from '../verdict.ts';
import { aftermathOf } from './aftermath.ts';
import { type ArmSearch, type ArmSearchOptions, searchArms } from './arm-search.ts';
import { armTestPhase } from './arms.ts';
import type { ChannelName, ExperimentOptions } from './experiment-options.ts';
import { conclude } from './leak-experiment.ts';

export interface Inquiry {
  /** Names of the phases. */
  readonly work: string;
  readonly rest: string;
  readonly idle: string;
  /** Censuses, and the work between them, the same each time. */
  readonly elements: string;
  readonly between: string;
  readonly kinds: string;
  readonly refill: string;
  readonly experiment: ExperimentOptions;
  readonly search: ArmSearchOptions;
  /** The kinds of requests, and the one of which no two are alike. */
  readonly arms: readonly string[];
  readonly newKeys: string;
}

export const levelsOf = (phase: string, levels: readonly Level[]): readonly Level[] =>
  levels.filter((level) => level.phase === phase);

/** A leak found under work that rest neither takes back nor explains. */
export function isLeakOfWork(levels: readonly Level[], inquiry: Inquiry): boolean {
  const work = levelsOf(inquiry.work, levels);
  const rest = levelsOf(inquiry.rest, levels);
  const after = ({ metric }: ResourceFinding) => aftermathOf(metric, work, rest);
  const first = conclude(work, inquiry.experiment).channels.find(
    (channel) => channel.finding === 'leak' && (after(channel)?.releasedAfterMs ?? null) === null,
  );
  return first !== undefined && after(first)?.isTimeDriven !== true;
}

/** No leak under work: what is left to look for is growth too slow to show there. */
export function isWithoutLeak(levels: readonly Level[], { work, experiment }: Inquiry): boolean {
  return conclude(levelsOf(work, levels), experiment).finding !== 'growth-sustained';
}

export interface HiddenGrowth {
  readonly metric: MetricName;
  /** Per second at rest, or per request. */
  readonly rate: RatePerRequest;
}

/** A channel that rises at rest by what δ amounts to at so many requests per second. */
const requestsPerSecond = 20;
const alpha = 0.0015;
const confidence = 0.99;

export function growthAtRest(
  levels: readonly Level[],
  { idle, experiment }: Inquiry,
): HiddenGrowth | null {
  const read = levelsOf(idle, levels);
  const found = (Object.keys(experiment.channels) as ChannelName[]).flatMap((metric) => {
    const rule = experiment.channels[metric];
    const fit = fitOf(metric, read, ({ timeMs }) => timeMs / 1000);
    const isGrowing =
      rule.role === 'accuse' &&
      fit?.isRising === true &&
      fit.rate.estimate > requestsPerSecond * rule.delta &&
      fit.rise >= rule.minRise;
    return isGrowing ? [{ metric, rate: fit.rate }] : [];
  });
  return found[0] ?? null;
}

/** Entries per request, and the share of its pace that growth must keep to the end. */
const leastElements = 0.25;
const leastPace = 0.6;

/** Containers of numbers take memory in steps, each twice the last: their entries are counted. */
export function growthOfElements(
  levels: readonly Level[],
  { elements, between }: Inquiry,
): HiddenGrowth | null {
  const read = levelsOf(elements, levels);
  const requests = levelsOf(between, levels)[0]?.requests ?? 1;
  const done = new Map(read.map((level, index) => [level, index * requests]));
  const fit = (of: readonly Level[]) => fitOf('elementCount', of, (level) => done.get(level) ?? 0);
  const half = Math.ceil(read.length / 2);
  const [all, early, late] = [read, read.slice(0, half), read.slice(-half)].map(fit);
  if (all?.isRising !== true || all.rate.estimate <= leastElements) return null;
  const isSteady = (late?.rate.estimate ?? 0) >= leastPace * (early?.rate.estimate ?? 0);
  return isSteady ? { metric: 'elementCount', rate: all.rate } : null;
}

function fitOf(metric: MetricName, levels: readonly Level[], at: (level: Level) => number) {
  const read = levels.filter(({ values }) => values[metric] !== undefined);
  const places = read.map(at);
  const values = read.map((level) => level.values[metric] ?? 0);
  const slope = theilSen(places, values, confidence);
  if (slope === null) return null;
  const { low, high } = slope.interval ?? { low: Number.NaN, high: Number.NaN };
  return {
    rate: { estimate: slope.slope, low, high, confidence },
    rise: slope.slope * ((places.at(-1) ?? 0) - (places[0] ?? 0)),
    isRising: (kendall(places, values)?.pUpper ?? 1) < alpha,
  };
}

export function leakingKinds(
  levels: readonly Level[],
  { kinds, arms, search }: Inquiry,
): ArmSearch {
  return searchArms(arms, (test) => levelsOf(armTestPhase(kinds, test), levels), search);
}

/** Either a key space without bound or a cache that is not full yet: only more keys can tell. */
export function isOnlyNewKeys(levels: readonly Level[], inquiry: Inquiry): boolean {
  const { pool, guilty } = leakingKinds(levels, inquiry);
  return pool === null && guilty.length === 1 && guilty[0]?.name === inquiry.newKeys;
}

/** Which kinds leak, in words; nothing where that was not asked. */
export function kindsSentence(levels: readonly Level[], inquiry: Inquiry): string {
  if (levelsOf(armTestPhase(inquiry.kinds, 1), levels).length === 0) return '';
  const { pool, guilty } = leakingKinds(levels, inquiry);
  const names = guilty.map(({ name }) => name);
  if (pool !== null) return ' Which kinds of requests leak was not found out.';
  if (names.length === 0) return ' None of the kinds of requests leaks by itself.';
  if (names.length === inquiry.arms.length) return ' Every kind of request leaks.';
  return ` Of the kinds of requests (${inquiry.arms.join(', ')}) only ${names.join(', ')} leak.`;
}
