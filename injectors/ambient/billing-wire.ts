// The billing stall on the wire: a proxy between the worker and its sink (Postgres, Redis, an HTTP
// service), whatever speaks there. Each mode is a toxic; nothing of the protocol is known, so what
// needs to know single events cannot be done here (billing-stall.ts, `refusals`).

import type { Clock } from '../determinism.ts';
import { specOf, type ToxicTarget } from '../tcp/toxic.ts';
import type { Stalled } from './billing-remote.ts';
import type { StallState } from './billing-stall.ts';
import { createTurns } from './turns.ts';

export interface WireTarget extends ToxicTarget {
  readonly connectionCount: number;
  clearToxics(): void;
}

/** A login takes some hundred bytes of answer; an acknowledgement about as many as `perAnswer`. */
const loginBytes = 1024;
const perAnswerBytes = 64;

export function createWireStall(proxy: WireTarget, clock: Clock): Stalled {
  const turns = createTurns(clock);
  const add = (type: string, stream: string, attributes: Readonly<Record<string, number>>) =>
    proxy.addToxic(specOf(type, { stream, toxicity: 1, ...attributes }));
  return {
    counts: () => ({ calls: 0, waiting: proxy.connectionCount }),
    async set({ mode, delayMs, nth }: StallState) {
      await turns.stop();
      proxy.clearToxics();
      await proxy.setEnabled(mode !== 'error');
      switch (mode) {
        case 'stuck':
          // Held, not dropped: what waits goes on when healed.
          return add('bandwidth', 'upstream', { rate: 0 });
        case 'slow':
          return add('latency', 'downstream', { latency: Math.round(delayMs), jitter: 0 });
        case 'flap':
          return turns.start(delayMs, (isBad) => proxy.setEnabled(!isBad));
        case 'duplicate-ack':
          // The sink has done the work, and its answer is cut off on the way back.
          return add('limit_data', 'downstream', { bytes: loginBytes + nth * perAnswerBytes });
      }
    },
  };
}
