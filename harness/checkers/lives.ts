// A run that was killed and resumed has levels of more than one process of the gateway. Memory
// begins anew with each, so each life is judged by itself: one that leaks decides, else the
// longest.

import type { Level } from '../series/sample.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import { conclude } from './leak-experiment.ts';

/** The levels of one phase, apart where the count of requests begins again. */
export function livesOf(levels: readonly Level[]): readonly (readonly Level[])[] {
  const lives: Level[][] = [];
  let before = 0;
  for (const level of levels) {
    if (lives.length === 0 || level.totalRequests < before) lives.push([]);
    lives.at(-1)?.push(level);
    before = level.totalRequests;
  }
  return lives;
}

export function decisiveLife(
  levels: readonly Level[],
  experiment: ExperimentOptions,
): readonly Level[] {
  const lives = livesOf(levels);
  const [only = levels] = lives;
  if (lives.length < 2) return only;
  const leaking = lives.find((life) => conclude(life, experiment).finding === 'growth-sustained');
  return leaking ?? lives.toSorted((a, b) => b.length - a.length)[0] ?? only;
}
