// How a command that measures is stopped: the first signal in an orderly way, a second at once.

import { systemClock } from '../../injectors/determinism.ts';
import { exitCodes } from './exit-codes.ts';

/** One press of Ctrl-C may arrive twice: from the terminal and passed on by the wrapper. */
const samePressMs = 400;

/** The first signal ends the run in an orderly way; a second one ends the process. */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  let firstMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        firstMs = systemClock.nowMs();
        console.error(`\nleakbed: ${signal}: healing, stopping the gateway, writing the report…`);
        stop.abort(new Error(`The run was stopped by ${signal}.`));
      } else if (systemClock.nowMs() - firstMs > samePressMs) {
        process.exit(exitCodes.inconclusive);
      }
    });
  }
  return stop.signal;
}
