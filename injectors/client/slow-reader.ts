// The client reads the answer slower than it is made, as a phone on a bad line does. Whatever the
// gateway cannot hand on it must hold, or stop reading itself.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import type { ClientExchange } from './exchange.ts';

export const slowReader = defineInjector({
  name: 'slow-reader',
  family: 'client',
  summary: 'The client pauses after every piece of the answer.',
  options: { pause: duration('50ms', 'rest after each piece that was read') },
  example: 'slow-reader;pause=20ms',
  explain: ({ pause }) => `the client rests ${pause} ms after every piece it reads`,
  async disrupt({ pause }, { target, clock, note }: DisruptContext<ClientExchange>) {
    let pauses = 0;
    let seenBytes = 0;
    let cancel: (() => void) | undefined;
    target.onProgress(({ byteCount }) => {
      if (byteCount === seenBytes || cancel !== undefined) return;
      seenBytes = byteCount;
      pauses += 1;
      target.pauseReading();
      cancel = clock.after(pause, () => {
        cancel = undefined;
        target.resumeReading();
      });
    });
    return {
      [Symbol.asyncDispose]: async () => {
        cancel?.();
        if (pauses > 0) note(`client paused ${pauses} times`);
      },
    };
  },
});
