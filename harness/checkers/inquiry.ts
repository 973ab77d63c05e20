// What causes a leak that was found? Asked once it is known that it does not come back at rest:
//
//   work ──leak──► rest ──still there, and not with time──► kinds ──new keys alone──► refill
//     └──no leak──► idle: does anything grow with time that was lost among the requests?
//
// `kinds` tests each kind of request by itself; `refill` asks for so many different keys that any
// cache of a sensible size is full, and looks once more. Pure: levels in, answers out, so that the
// runner (which phases are needed?) and leak.ts (what is it called?) agree.

import type { Level } from '../series/sample.ts';
import { kendall } from '../stats/kendall.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { ResourceFinding } from '../verdict.ts';
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
export function isAtRest(levels: readonly Level[], { work, experiment }: Inquiry): boolean {
  return conclude(levelsOf(work, levels), experiment).finding !== 'growth-sustained';
}

export interface GrowthAtRest {
  readonly metric: ChannelName;
  readonly perSecond: number;
}

/** A channel that rises at rest by what δ amounts to at so many requests per second. */
const requestsPerSecond = 20;
const alpha = 0.0015;

export function growthAtRest(
  levels: readonly Level[],
  { idle, experiment }: Inquiry,
): GrowthAtRest | null {
  const read = levelsOf(idle, levels);
  const found = (Object.keys(experiment.channels) as ChannelName[]).filter((metric) => {
    const rule = experiment.channels[metric];
    const { perSecond, p, rise } = slopeOf(metric, read);
    return (
      rule.role === 'accuse' &&
      p < alpha &&
      perSecond > requestsPerSecond * rule.delta &&
      rise >= rule.minRise
    );
  });
  const [metric] = found;
  return metric === undefined ? null : { metric, perSecond: slopeOf(metric, read).perSecond };
}

function slopeOf(metric: ChannelName, levels: readonly Level[]) {
  const read = levels.filter(({ values }) => values[metric] !== undefined);
  const seconds = read.map(({ timeMs }) => timeMs / 1000);
  const values = read.map((level) => level.values[metric] ?? 0);
  const perSecond = theilSen(seconds, values, 1 - alpha)?.slope ?? 0;
  const rise = perSecond * ((seconds.at(-1) ?? 0) - (seconds[0] ?? 0));
  return { perSecond, rise, p: kendall(seconds, values)?.pUpper ?? 1 };
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
