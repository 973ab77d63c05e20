// One timing wheel for all streams: a waiting stream costs a list node, not a timer of its own.
// Resolution 2 ms; the wheel stands still while nothing waits. (Varghese and Lauck, "Hashed and
// hierarchical timing wheels", 1987, scheme 6: hashed, with rounds.)

import { type Clock, systemClock } from '../../injectors/determinism.ts';

const tickMs = 2;
const slotCount = 2048;

interface Entry {
  readonly dueTick: number;
  callback: (() => void) | undefined;
}

/** A Clock whose `after` is cheap enough for ten thousand waiting streams. */
export function createWheel(clock: Clock = systemClock): Clock & { readonly waiting: number } {
  const slots: Set<Entry>[] = Array.from({ length: slotCount }, () => new Set());
  let waiting = 0;
  let isTurning = false;
  let currentTick = 0;
  const tickAt = (timeMs: number) => Math.floor(timeMs / tickMs);
  const dueTickAt = (timeMs: number) => Math.ceil(timeMs / tickMs);

  const turn = () => {
    const nowTick = tickAt(clock.nowMs());
    // After a long pause every slot is visited once at most; rounds are told apart by dueTick.
    const from = Math.max(currentTick + 1, nowTick - slotCount + 1);
    currentTick = Math.max(currentTick, nowTick);
    try {
      for (let tick = from; tick <= nowTick; tick++) fire(slots[tick % slotCount], nowTick);
    } finally {
      // A callback that throws must not stop the wheel for all the others.
      if (waiting === 0) isTurning = false;
      else clock.after(tickMs, turn);
    }
  };
  const fire = (slot: Set<Entry> | undefined, nowTick: number) => {
    for (const entry of slot ?? []) {
      if (entry.dueTick > nowTick) continue;
      slot?.delete(entry);
      waiting -= 1;
      const { callback } = entry;
      entry.callback = undefined;
      callback?.();
    }
  };
  return {
    nowMs: clock.nowMs,
    wallTime: clock.wallTime,
    get waiting() {
      return waiting;
    },
    after(delayMs, callback) {
      if (!isTurning) {
        isTurning = true;
        currentTick = tickAt(clock.nowMs());
        clock.after(tickMs, turn);
      }
      const soonest = currentTick + 1;
      const dueTick = Math.max(soonest, dueTickAt(clock.nowMs() + delayMs));
      const entry: Entry = { dueTick, callback };
      const slot = slots[dueTick % slotCount];
      slot?.add(entry);
      waiting += 1;
      return () => {
        if (slot?.delete(entry)) waiting -= 1;
        entry.callback = undefined;
      };
    },
  };
}
