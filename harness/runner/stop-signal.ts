// One signal for both ends of a run: told to stop, or the gateway is gone.

import type { Subject } from '../subjects/subject.ts';

export function stopSignal(signal: AbortSignal, subject: Subject) {
  const own = new AbortController();
  let ended: string | null = null;
  let isOver = false;
  void subject.ended.then((sentence) => {
    if (isOver) return;
    ended = sentence;
    own.abort(new Error(sentence));
  });
  return {
    signal: AbortSignal.any([signal, own.signal]),
    gatewayEnded: () => ended,
    async [Symbol.asyncDispose]() {
      isOver = true;
    },
  };
}
