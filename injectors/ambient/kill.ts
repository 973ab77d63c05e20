// Ends the process that serves the gateway's API. Behind a supervisor (a cluster's primary,
// gunicorn, systemd) another takes its place, and healing waits for it; where nobody does so, the
// run ends with the gateway. Source: signal(7).

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration } from '../options.ts';
import type { GatewayProcess } from './gateway-process.ts';

export const kill = defineInjector({
  name: 'kill',
  family: 'ambient',
  summary: 'Ends the process that serves the API; a supervisor is to start another.',
  options: {
    signal: choice(['SIGKILL', 'SIGTERM', 'SIGABRT', 'SIGSEGV'], 'SIGKILL', 'how it ends'),
    after: duration('0ms', 'wait before it'),
    within: duration('30s', 'the API must answer again so soon'),
  },
  example: 'kill;after=500ms',
  explain: ({ signal, after }) => `the process that serves gets ${signal} after ${after} ms`,
  async disrupt(
    { signal, after, within },
    { target, clock, note }: DisruptContext<GatewayProcess>,
  ) {
    const pid = target.pid();
    let failure: unknown;
    let isDone = false;
    const end = () => {
      isDone = true;
      try {
        process.kill(pid, signal);
        note(`${signal} to ${pid}`);
      } catch (error) {
        failure = error;
      }
    };
    const cancel = after === 0 ? () => {} : clock.after(after, end);
    if (after === 0) end();
    if (failure !== undefined) throw failure;
    return {
      async [Symbol.asyncDispose]() {
        cancel();
        if (isDone) await target.untilServing(within);
        if (failure !== undefined) throw failure;
      },
    };
  },
});
