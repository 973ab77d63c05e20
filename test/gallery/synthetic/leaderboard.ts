// Every shape under every noise, so many seeds each, and the bars that the experiment has to clear.

import type { Scale } from '../../../harness/scenario.ts';
import { upperLimit } from './binomial.ts';
import { firstSeed, newScores, type Score, type SeedSet, scoreSeries } from './score.ts';
import { type Cell, galleryNoises, planOf } from './series.ts';
import { galleryShapes } from './shapes.ts';

export interface LeaderboardOptions {
  readonly perCell: number;
  readonly seeds: SeedSet;
  readonly scale: Scale;
  /** Only shapes and noises whose name holds this. */
  readonly only?: string;
  readonly onError?: (text: string) => void;
}

export interface Bar {
  readonly text: string;
  readonly isMet: boolean;
}

export function leaderboard({ perCell, seeds, scale, only = '', onError }: LeaderboardOptions) {
  const cells: readonly Cell[] = galleryShapes
    .flatMap((shape) => galleryNoises.map((noise) => ({ shape, noise })))
    .filter((cell) => nameOf(cell).includes(only));
  const plan = planOf(scale);
  const scores = newScores();
  for (const cell of cells) {
    for (let nth = 0; nth < perCell; nth++) {
      const seed = firstSeed[seeds] + nth;
      const result = scoreSeries(cell, seed, plan, scores);
      if (result !== 'right') onError?.(`${result}: ${nameOf(cell)}, seed ${seed}`);
    }
  }
  const upperLimitOf = ({ accused, innocents }: Score) => upperLimit(accused, innocents);
  const { experiment } = scores;
  return {
    scores,
    cellCount: cells.length,
    upperLimitOf,
    bars(): readonly Bar[] {
      return [
        {
          text: 'at most 0.1 % of the innocents accused',
          isMet: experiment.accused <= 0.001 * experiment.innocents,
        },
        { text: 'upper limit at most 0.2 %', isMet: upperLimitOf(experiment) <= 0.002 },
        {
          text: 'at least 99 % of the leaks above the printed resolution found',
          isMet: experiment.visibleFound >= 0.99 * experiment.visible,
        },
      ];
    },
  };
}

function nameOf({ shape, noise }: Cell): string {
  return `${shape.name}, ${noise.name}`;
}
