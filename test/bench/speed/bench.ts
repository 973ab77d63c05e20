// What a bench of speed is, and what it tells. Each lies in a file of its own and in index.ts;
// ../bench.ts runs them. Figures are ratios within one run wherever there is something to compare
// with: absolute numbers drift twofold on shared cores, ratios hold.

/** `quick`: fewer turns and smaller work, for CI; the bars are the same. */
export type Scale = 'quick' | 'full';

export interface BenchContext {
  readonly seed: number;
  readonly scale: Scale;
  /** Something to know beside the figures: absolute rates, what was skipped. */
  note(text: string): void;
}

export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** One measured figure; its median has to reach the bar. */
export interface Figure {
  readonly name: string;
  /** `×` for a ratio. */
  readonly unit: string;
  /** What a ratio is of, measured in the same run; empty for an absolute figure. */
  readonly baseline: string;
  readonly bar: Bar;
  /** One for each turn. */
  readonly samples: readonly number[];
}

/** A figure that cannot be measured here: it is named, and counts as neither passed nor failed. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

export interface Bench {
  readonly name: string;
  readonly what: string;
  /** Short and robust enough for `--quick`. */
  readonly isQuick: boolean;
  run(context: BenchContext): AsyncIterable<Figure | Skipped>;
}
