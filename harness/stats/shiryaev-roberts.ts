// When does the order of values begin to matter? A conformal martingale (conformal.ts) is begun
// anew with every value, and their sum is watched: whatever began when, one of them began there.
// Sources: Shin, Ramdas and Rinaldo, "E-detectors", NEJSDS 2 (2024), section 2 (the sum is an
// e-detector); Vovk, Petej, Nouretdinov et al., "Retrain or not retrain", COPA 2021.
//
//   R_n = Σ_j M_j..n        E(R_n) ≤ n without a change, so by Doob P(R reaches c within N) ≤ N/c
//
// Only the last `size` beginnings are kept: leaving some out makes the sum smaller, never larger.

import { rankBet } from './conformal.ts';

export interface ChangeDetector {
  /**
   * Takes in the next value, told by comparison: 1 where the earlier value at `position` (0 is the
   * oldest kept) stands above the new one, ½ where they are equal, 0 where it is below.
   */
  add(standing: (position: number) => number): void;
  /** Forgets all but the last `count` values, and what was bet on them. */
  keep(count: number): void;
  /** R above. */
  readonly evidence: number;
  /** Position of the beginning that explains the change best. */
  readonly beginning: number;
  readonly count: number;
}

/** Far above any threshold, and far from overflow. */
const largest = 1e15;

export function changeDetector(size: number): ChangeDetector {
  let wealth: number[] = [];
  return {
    add(standing) {
      if (wealth.length === size) wealth.shift();
      // The new value equals itself.
      let above = 0.5;
      for (let at = wealth.length - 1; at >= 0; at--) {
        above += standing(at);
        const bet = rankBet(above / (wealth.length - at + 1));
        wealth[at] = Math.min(largest, (wealth[at] ?? 1) * bet);
      }
      wealth.push(1);
    },
    keep(count) {
      wealth = new Array<number>(Math.min(count, wealth.length)).fill(1);
    },
    get evidence() {
      return wealth.reduce((sum, each) => sum + each, 0);
    },
    get beginning() {
      return wealth.indexOf(Math.max(...wealth));
    },
    get count() {
      return wealth.length;
    },
  };
}
