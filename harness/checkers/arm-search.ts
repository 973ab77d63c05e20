// Which kinds of work leak? Pools of arms are tested in cycles, as group testing asks for them
// (stats/group-testing.ts). Pure: levels so far in, the pool to go on with or the culprits out, so
// the runner and the checker of a stored run come to the same answer.
//
// Levels are regressed on requests per arm: a guilty arm then shows the same slope in every pool,
// however many innocent arms share the pool with it.

import type { Level } from '../series/sample.ts';
import { eachAlone, groupSearch } from '../stats/group-testing.ts';
import { kendall } from '../stats/kendall.ts';
import { median } from '../stats/median.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { RatePerRequest } from '../verdict.ts';
import type { ChannelName, ChannelRule } from './experiment-options.ts';

export interface ArmSearchOptions {
  /** Pools of arms are halved where they leak, unless each arm is to be tested alone at once. */
  readonly isAlone?: boolean;
  /** Levels of an arm before it is judged at all, and after which it must be. */
  readonly minCycles: number;
  readonly maxCycles: number;
  /** One-sided Kendall p from which an arm leaks; and what suffices after the last cycle. */
  readonly alpha: number;
  readonly lastAlpha: number;
  /** A pool of several arms convicts nobody, so less suffices to look into it. */
  readonly pools?: { readonly minCycles: number; readonly alpha: number };
  readonly channels: Readonly<Partial<Record<ChannelName, ChannelRule>>>;
}

export interface GuiltyArm {
  readonly name: string;
  readonly metric: ChannelName;
  /** Per request of this arm. */
  readonly perRequest: RatePerRequest;
}

export interface ArmSearch {
  /** The arms to send work of next; null when all is known. */
  readonly pool: readonly string[] | null;
  /** Number of the test that is on, from 1; its levels are asked for by it. */
  readonly test: number;
  readonly guilty: readonly GuiltyArm[];
  readonly unresolved: readonly (readonly string[])[];
  /** The coarsest rate that an acquitted pool could have hidden, by channel. */
  readonly resolution: Readonly<Partial<Record<ChannelName, number>>>;
}

interface ChannelFit {
  readonly metric: ChannelName;
  readonly rule: ChannelRule;
  readonly rate: RatePerRequest;
  readonly p: number;
  readonly rise: number;
  /** From one level to the next, per request: a heap that shrank at a stroke cannot hide it. */
  readonly medianStep: number;
}

/** Of an arm by itself; and of a pool, whose five levels allow no better interval. */
const confidence = { arm: 0.99, pool: 0.98 };
/** What a pool was preceded by may still settle in its first levels; later looks leave them out. */
const windowShare = 0.75;

export function searchArms(
  arms: readonly string[],
  levelsOf: (test: number) => readonly Level[],
  options: ArmSearchOptions,
): ArmSearch {
  const answers: boolean[] = [];
  const rates = new Map<string, Omit<GuiltyArm, 'name'>>();
  const resolution: Partial<Record<ChannelName, number>> = {};
  for (;;) {
    const test = answers.length + 1;
    const ask = options.isAlone === true ? eachAlone : groupSearch;
    const { next, guilty, unresolved } = ask(arms, answers);
    const found = guilty.flatMap((name) => {
      const rate = rates.get(name);
      return rate === undefined ? [] : [{ name, ...rate }];
    });
    const state = { pool: next, test, guilty: found, unresolved, resolution };
    if (next === null) return state;
    const isPool = next.length > 1;
    const rule = { ...options, ...(isPool && options.pools) };
    const levels = levelsOf(test);
    const fits = fitsOf(lastOf(levels, rule), next.length, rule);
    // The last few levels of a pool are enough to look into it, whatever happened before them.
    const recent = isPool ? fitsOf(levels.slice(-rule.minCycles), next.length, rule) : fits;
    const answer = answerOf(fits, recent, { isPool, cycles: levels.length }, rule);
    if (answer === null) return state;
    answers.push(answer !== 'flat');
    const [only] = next;
    if (answer !== 'flat' && only !== undefined && next.length === 1) rates.set(only, answer);
    if (answer === 'flat') {
      for (const { metric, rule, rate } of fits) {
        resolution[metric] = Math.max(resolution[metric] ?? 0, rule.delta, rate.high);
      }
    }
  }
}

/** Requests of a cycle: rest and collection take as long after few of them, so few is no gain. */
export function requestsOfCycle(
  pool: readonly string[],
  perArm: number,
  { isAlone }: ArmSearchOptions,
): number {
  const leastArms = isAlone === true ? 1 : 3;
  return perArm * Math.max(pool.length, leastArms);
}

/** What leaks the most for its threshold; null while more cycles could tell. */
function answerOf(
  fits: readonly ChannelFit[],
  recent: readonly ChannelFit[],
  { isPool, cycles }: { readonly isPool: boolean; readonly cycles: number },
  { minCycles, maxCycles, alpha, lastAlpha }: ArmSearchOptions,
): Omit<GuiltyArm, 'name'> | 'flat' | null {
  if (cycles < minCycles) return null;
  const isLast = cycles >= maxCycles;
  const growing = recent.filter(
    ({ p, rate, rule, rise }) =>
      p < (isLast ? lastAlpha : alpha) &&
      rate.low > 0 &&
      rate.estimate > rule.delta &&
      rise >= rule.minRise,
  );
  const doubtful = isLast && isPool ? fits.filter(isDoubtful) : [];
  const times = ({ rate, rule }: ChannelFit) => rate.estimate / rule.delta;
  const [worst] = [...growing, ...doubtful].toSorted((a, b) => times(b) - times(a));
  if (worst !== undefined) return { metric: worst.metric, perRequest: worst.rate };
  const isFlat = fits.every(
    ({ rate, rule, medianStep }) => Math.max(rate.high, medianStep) <= rule.deltaClean,
  );
  return isFlat || isLast ? 'flat' : null;
}

/** Mostly rising by as much as a leak, though something that shrank hides it: arms will tell. */
function isDoubtful({ medianStep, rule }: ChannelFit): boolean {
  return medianStep > rule.deltaClean;
}

function lastOf(levels: readonly Level[], { minCycles }: ArmSearchOptions): readonly Level[] {
  return levels.slice(-Math.max(minCycles, Math.ceil(windowShare * levels.length)));
}

function fitsOf(
  levels: readonly Level[],
  armCount: number,
  { channels, pools }: ArmSearchOptions,
): readonly ChannelFit[] {
  return Object.entries(channels).flatMap(([name, rule]) => {
    const metric = name as ChannelName;
    const read = levels.filter(({ values }) => values[metric] !== undefined);
    const work = read.map(({ totalRequests }) => totalRequests / armCount);
    const values = read.map((level) => level.values[metric] ?? 0);
    const sure = armCount > 1 && pools !== undefined ? confidence.pool : confidence.arm;
    const slope = theilSen(work, values, sure);
    if (slope === null || slope.interval === null) return [];
    const rate = { estimate: slope.slope, ...slope.interval, confidence: sure };
    const rise = slope.slope * ((work.at(-1) ?? 0) - (work[0] ?? 0));
    const medianStep = median(stepsOf(work, values)) ?? 0;
    return [{ metric, rule, rate, rise, medianStep, p: kendall(work, values)?.pUpper ?? 1 }];
  });
}

function stepsOf(work: readonly number[], values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => {
    return (value - (values[index] ?? 0)) / ((work[index + 1] ?? 0) - (work[index] ?? 0));
  });
}
