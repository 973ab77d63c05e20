// Relates the target's performance.now() to the run's clock, by asking a few times and trusting
// the quickest answer: its error is at most half its round trip (Cristian's algorithm, 1989).

import type { InspectorClient } from './inspector-client.ts';

export interface TargetClock {
  /** Add to a time of the target to get the run's. */
  readonly offsetMs: number;
  readonly errorMs: number;
}

const rounds = 5;

export async function readTargetClock(
  client: InspectorClient,
  nowMs: () => number,
): Promise<TargetClock> {
  let best: TargetClock = { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY };
  for (let round = 0; round < rounds; round++) {
    const before = nowMs();
    const theirs = Number(await client.evaluate('performance.now()'));
    const after = nowMs();
    const errorMs = (after - before) / 2;
    if (errorMs < best.errorMs) best = { offsetMs: before + errorMs - theirs, errorMs };
  }
  return best;
}
