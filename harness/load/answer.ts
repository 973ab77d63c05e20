// What became of one request, and the tally that leads to it. Settles once, whatever the order in
// which limits, faults and the network end an exchange.

import type { RequestOutcome, TokenCounts } from '../record.ts';
import { quoteBytes } from './body-reader.ts';

/** A request row without its phase and arm, and what a row does not carry. */
export interface GatewayAnswer {
  /** Its x-request-id. */
  readonly id: string;
  readonly startMs: number;
  readonly ttftMs: number | null;
  readonly endMs: number;
  readonly status: number | null;
  readonly outcome: RequestOutcome;
  readonly error?: string;
  readonly tokens?: TokenCounts;
  readonly eventCount: number;
  readonly byteCount: number;
}

export interface Tally {
  readonly answer: Promise<GatewayAnswer>;
  isOver: boolean;
  /** Updated in place while the answer arrives. */
  readonly progress: { eventCount: number; byteCount: number };
  status: number | null;
  countEvent(): void;
  /** `told`: why it failed, or what a good answer says that it used. */
  finish(
    outcome: RequestOutcome,
    told?: { readonly error?: string | undefined; readonly tokens?: TokenCounts | undefined },
  ): void;
}

/** Room for a status and a code in front of a quoted body. */
const errorTextLength = quoteBytes + 100;

export function startTally(id: string, nowMs: () => number): Tally {
  const { promise, resolve } = Promise.withResolvers<GatewayAnswer>();
  const startMs = nowMs();
  let ttftMs: number | null = null;
  const tally: Tally = {
    answer: promise,
    // No getter: in an object literal it costs a hidden class each time, which only a full
    // collection frees, with all that the object holds.
    isOver: false,
    progress: { eventCount: 0, byteCount: 0 },
    status: null,
    countEvent() {
      ttftMs ??= nowMs() - startMs;
      tally.progress.eventCount += 1;
    },
    finish(outcome, { error, tokens } = {}) {
      if (tally.isOver) return;
      tally.isOver = true;
      const { status, progress } = tally;
      const { eventCount, byteCount } = progress;
      const endMs = nowMs();
      const answer = { id, startMs, ttftMs, endMs, status, outcome, eventCount, byteCount };
      // Most answers have neither, and a copy of each would be a tenth of what a request costs.
      if (error === undefined && tokens === undefined) return resolve(answer);
      resolve({
        ...answer,
        ...(error !== undefined && { error: error.slice(0, errorTextLength) }),
        ...(tokens !== undefined && { tokens }),
      });
    },
  };
  return tally;
}
