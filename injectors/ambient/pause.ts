// Stops the gateway's process for a time, as a debugger, a snapshot of its machine or a busy
// hypervisor does: nothing in it runs, its connections stay open, and what arrives waits in the
// kernel. Source: signal(7), SIGSTOP and SIGCONT.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { leaveWill } from './last-will.ts';

export const pause = defineInjector({
  name: 'pause',
  family: 'ambient',
  summary: 'Stops the process of the gateway for a time, and lets it go on.',
  options: {
    for: duration('1s', 'time stopped'),
    every: duration('0ms', 'from one stop to the next; 0: once'),
  },
  example: 'pause;for=500ms;every=2s',
  explain: ({ for: forMs, every }) =>
    `the gateway's process is stopped for ${forMs} ms${every === 0 ? '' : ` every ${every} ms`}`,
  async disrupt({ for: forMs, every }, { target, clock, note }: DisruptContext<GatewayProcess>) {
    if (every > 0 && every <= forMs) {
      throw new RangeError(
        `Cannot stop the gateway for ${forMs} ms every ${every} ms: it would never run. ` +
          'Make every longer than for.',
      );
    }
    const pid = target.pid();
    const revoke = await leaveWill('kill -CONT "$1"', [String(pid)]);
    let cancel = () => {};
    const proceed = () => {
      signal(pid, 'SIGCONT');
      note('goes on');
      if (every > 0) cancel = clock.after(every - forMs, stop);
    };
    const stop = () => {
      signal(pid, 'SIGSTOP');
      note('stopped');
      cancel = clock.after(forMs, proceed);
    };
    try {
      stop();
    } catch (error) {
      // Nothing was stopped, so there is nothing to be left to do.
      revoke();
      throw error;
    }
    return {
      async [Symbol.asyncDispose]() {
        cancel();
        // A process that runs does not mind.
        signal(pid, 'SIGCONT');
        revoke();
      },
    };
  },
});

/** A process that has ended is told by whoever watches it. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
