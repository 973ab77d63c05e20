// Bad and well in turns, for stalls that are no calls which could look at a clock: the next turn
// begins only when the last one is in force.

import type { Clock } from '../determinism.ts';

export interface Turns {
  /** Bad first; resolves once it is. */
  start(turnMs: number, apply: (isBad: boolean) => Promise<void>): Promise<void>;
  /** Resolves when no turn is being applied any more. */
  stop(): Promise<void>;
}

export function createTurns(clock: Clock): Turns {
  let cancel = () => {};
  let last: Promise<void> = Promise.resolve();
  let round = 0;
  const stop = () => {
    round += 1;
    cancel();
    return last;
  };
  return {
    async start(turnMs, apply) {
      await stop();
      const mine = round;
      const turn = async (isBad: boolean): Promise<void> => {
        // A turn that fails is not the last: the next one tries its own state.
        last = apply(isBad).catch(() => undefined);
        await last;
        if (mine === round) cancel = clock.after(turnMs, () => void turn(!isBad));
      };
      await turn(true);
    },
    stop,
  };
}
