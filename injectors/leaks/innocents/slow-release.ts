// Keeps each request's state for five minutes, as idle timers of SDKs do: for as long as that it
// cannot be told from a leak, and then all of it comes back.

import { systemClock } from '../../determinism.ts';
import { type Leak, requestState } from '../leak.ts';

const heldMs = 300_000;

export const slowRelease: Leak = {
  kind: 'innocent',
  name: 'slow-release',
  summary: 'Keeps the state of each request for 300 s; watch for it with --release-watch 330s.',
  resource: 'heapBytes',
  plant(host) {
    const held = new Set<object>();
    host.onRequest((request) => {
      const state = requestState(request);
      held.add(state);
      systemClock.after(heldMs, () => held.delete(state));
    });
  },
};
