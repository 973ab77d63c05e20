// A timer for each request that nobody clears: "forget this tomorrow". It keeps the process's timer
// list growing, and with it whatever its callback can see.

import { sleep } from '../determinism.ts';
import { type Leak, requestState } from './leak.ts';

const dayMs = 24 * 60 * 60 * 1000;

export const timer: Leak = {
  kind: 'leak',
  name: 'timer',
  summary: "Starts a timer of a day with each request's state, and clears none.",
  resource: 'handleCount',
  plant(host) {
    host.onRequest((request) => {
      const state = requestState(request);
      void sleep(dayMs).then(() => Object.freeze(state));
    });
  },
};
