// How the process ends; CI stages depend on these.

import type { Outcome } from '../verdict.ts';

export const exitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  /** The command line or a file it names was wrong. */
  usage: 254,
  /** leakbed itself failed. */
  crash: 255,
} as const satisfies Record<Outcome | 'usage' | 'crash', number>;

/** Something the user can put right; its message is the whole story, without a stack. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** Calls `read`, and turns its error into a usage error: the message is meant for the user. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
