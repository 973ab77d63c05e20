// The leak experiment and its rivals on the same series, and how often each was right.

import { runExperiment } from '../../fixtures/levels.ts';
import { rivals } from './rivals.ts';
import { type Cell, drawSeries, type Plan } from './series.ts';

export interface Score {
  readonly name: string;
  leaks: number;
  found: number;
  innocents: number;
  accused: number;
}

/** What the experiment says besides: its rivals know no resolution. */
export interface ExperimentScore extends Score {
  /** Leaks above the resolution that the run printed for their channel, and how many were found. */
  visible: number;
  visibleFound: number;
  /** Leaks that were called clean or bounded: a miss that nobody would notice. */
  acquitted: number;
  /** Caches larger than the run, and how many were called leaks. */
  endless: number;
  endlessAccused: number;
  readonly cyclesOfLeaks: number[];
  readonly cyclesOfInnocents: number[];
}

/** Seeds for tuning and seeds that no figure may be tuned on: told apart by their first one. */
export const firstSeed = { tuning: 1, heldOut: 1_000_000 } as const;
export type SeedSet = keyof typeof firstSeed;

export function newScores(): { experiment: ExperimentScore; others: readonly Score[] } {
  const score = (name: string) => ({ name, leaks: 0, found: 0, innocents: 0, accused: 0 });
  return {
    experiment: {
      ...score('leakbed'),
      ...{ visible: 0, visibleFound: 0, acquitted: 0, endless: 0, endlessAccused: 0 },
      cyclesOfLeaks: [],
      cyclesOfInnocents: [],
    },
    others: rivals.map(({ name }) => score(name)),
  };
}

/** Adds one series to the scores; returns whether the experiment erred, and how. */
export function scoreSeries(
  cell: Cell,
  seed: number,
  plan: Plan,
  scores: ReturnType<typeof newScores>,
): 'right' | 'false alarm' | 'missed' {
  const { levels, leak } = drawSeries(cell, seed, plan);
  const { finding, channels, cycles } = runExperiment(levels, plan.experiment);
  const { experiment, others } = scores;
  const isAccused = finding === 'growth-sustained';
  if (cell.shape.kind === 'endless') {
    experiment.endless += 1;
    experiment.endlessAccused += Number(isAccused);
    return 'right';
  }
  count(experiment, leak !== undefined, isAccused);
  (leak === undefined ? experiment.cyclesOfInnocents : experiment.cyclesOfLeaks).push(cycles);
  const heap = levels.map(({ values }) => values.heapBytes ?? 0);
  const work = levels.map(({ totalRequests }) => totalRequests);
  for (const [index, rival] of rivals.entries()) {
    const score = others[index];
    if (score !== undefined) count(score, leak !== undefined, rival.accuses(heap, work));
  }
  if (leak === undefined) return isAccused ? 'false alarm' : 'right';
  if (finding === 'clean' || finding === 'growth-saturating') experiment.acquitted += 1;
  const resolution = channels.find(({ metric }) => metric === leak.metric)?.resolution ?? Infinity;
  if (leak.perRequest <= resolution) return 'right';
  experiment.visible += 1;
  experiment.visibleFound += Number(isAccused);
  return isAccused ? 'right' : 'missed';
}

function count(score: Score, isLeak: boolean, isAccused: boolean): void {
  if (isLeak) {
    score.leaks += 1;
    score.found += Number(isAccused);
  } else {
    score.innocents += 1;
    score.accused += Number(isAccused);
  }
}
