// Judges a search among kinds of work: one that leaks fails, and is named with its rate. The search
// itself is arm-search.ts, which the runner also asked.

import type { RunRecord } from '../record.ts';
import { metrics } from '../series/metrics.ts';
import type { ResourceFinding } from '../verdict.ts';
import { type ArmSearchOptions, type GuiltyArm, searchArms } from './arm-search.ts';
import { amount } from './channel-sentence.ts';
import type { Checker, Judgement } from './checker.ts';

export interface ArmsCheckOptions {
  /** Name of the phase; the levels of its tests are recorded under `armTestPhase`. */
  readonly phase: string;
  readonly arms: readonly string[];
  readonly search: ArmSearchOptions;
}

/** The phase under which the levels of one test of a pool are recorded. */
export function armTestPhase(phase: string, test: number): string {
  return `${phase}-${test}`;
}

export function armsChecker(options: ArmsCheckOptions): Checker {
  return { name: 'arms', needs: [], check: (record) => judge(record, options) };
}

function judge(record: RunRecord, { phase, arms, search }: ArmsCheckOptions): Judgement {
  const levelsOf = (test: number) =>
    record.levels.filter((level) => level.phase === armTestPhase(phase, test));
  const { pool, test, guilty, unresolved, resolution } = searchArms(arms, levelsOf, search);
  const coarse = Object.entries(resolution).filter(([metric, rate]) => {
    return rate > (search.channels[metric as GuiltyArm['metric']]?.maxResolution ?? Infinity);
  });
  const isOpen = pool !== null || unresolved.length > 0;
  const names = guilty.map(({ name }) => name);
  const evidence = [
    { label: 'tests of pools', value: test - 1 },
    ...guilty.map(({ name, metric, perRequest }) => ({
      label: `${name} ${metric}`,
      value: perRequest.estimate,
      unit: `${metrics[metric].unit} per request`,
    })),
  ];
  const stillOpen = [...unresolved, ...(pool === null ? [] : [pool])].map((open) =>
    open.join(', '),
  );
  const openNote = isOpen ? ` Not known of: ${stillOpen.join('; ')}.` : '';
  const judged = { evidence, warnings: [], resources: guilty.map(resourceOf) };
  if (guilty.length > 0) {
    const told = guilty.map(sentenceOf).join('; ');
    const reason = `${names.length} of ${arms.length} kinds of work leak: ${told}.${openNote}`;
    return { ...judged, outcome: 'fail', finding: 'leak', reason };
  }
  if (isOpen) {
    const reason = `No kind of work is known to leak.${openNote}`;
    return { ...judged, outcome: 'inconclusive', finding: 'undecided', reason };
  }
  if (coarse.length > 0) {
    const reason = `Too noisy to tell: ${shown(coarse)} per request of one kind of work would not have shown.`;
    return { ...judged, outcome: 'inconclusive', finding: 'undecided', reason };
  }
  const reason =
    `None of ${arms.length} kinds of work leaks; smallest leak per request of one of them that ` +
    `would have shown: ${shown(Object.entries(resolution))}.`;
  return { ...judged, outcome: 'pass', finding: 'clean', reason };
}

function shown(rates: readonly (readonly [string, number])[]): string {
  return rates
    .map(([name, rate]) => `${name} ${amount(rate, metrics[name as GuiltyArm['metric']].unit)}`)
    .join(', ');
}

function sentenceOf({ name, metric, perRequest }: GuiltyArm): string {
  const { unit } = metrics[metric];
  const { estimate, low, high } = perRequest;
  const interval = `[${amount(low, unit)}, ${amount(high, unit)}]`;
  return `${name} keeps ${amount(estimate, unit)} ${metric} per request ${interval}`;
}

function resourceOf(guilty: GuiltyArm): ResourceFinding {
  const { metric, perRequest } = guilty;
  const shared = { metric, perRequest, resolution: null, exponent: null };
  return { ...shared, finding: 'leak', reason: `${sentenceOf(guilty)}.` };
}
