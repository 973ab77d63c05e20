// The answer of a session as it goes out: one head, frames of one turn after another, one end. It
// lets several pumps use one exchange, whose callbacks can be given only once.

import type { Clock } from '../injectors/determinism.ts';
import type { Ending } from '../injectors/stream.ts';
import { endedByHand } from './answer.ts';
import type { Journal, OpenEntry } from './journal.ts';
import type { Sending } from './outcome.ts';
import type { RefusalExtra, Session } from './provider.ts';
import type { Exchange } from './transport/exchange.ts';
import { pump } from './transport/pump.ts';

export interface SessionAnswer {
  /** Nothing can be sent any more; the journal knows why. */
  readonly isOver: boolean;
  /** Sends the head unless it is out. */
  begin(): void;
  /** Sends one turn; `done` is called when all of it is out and the session goes on. */
  speak(sending: Sending, done: () => void): void;
  finish(ending: Ending): void;
  /** An HTTP error while there is no head, an error inside the stream after it. */
  fail(name: string, message: string, extra?: RefusalExtra): void;
}

/** Refusals until then are HTTP errors; a client may wait for the head before it speaks. */
const headAfterMs = 500;

export function createSessionAnswer(
  session: () => Session | undefined,
  exchange: Exchange,
  { journal, clock }: { readonly journal: Journal; readonly clock: Clock },
  entry: OpenEntry,
): SessionAnswer {
  const turns = inTurns(exchange);
  let isHeadSent = false;
  let isOver = false;
  let leftBehind: 'gone' | 'hang' = 'gone';
  const end = () => {
    isOver = true;
    cancelHead();
  };
  const begin = () => {
    if (isHeadSent || isOver) return;
    isHeadSent = true;
    cancelHead();
    const faults = entry.faults.length > 0 && { 'x-leakbed-fault': entry.faults.join(',') };
    exchange.head(200, { ...session()?.headers, ...faults });
  };
  const finish = (ending: Ending) => {
    if (isOver) return;
    end();
    // A hanging stream stays in flight until the client gives up.
    if (ending.kind === 'hang') leftBehind = 'hang';
    else journal.close(entry, ending.kind);
    exchange.finish(ending);
  };
  const fail = (name: string, message: string, { headers, hints }: RefusalExtra = {}) => {
    if (isOver) return;
    if (isHeadSent) {
      for (const { bytes } of session()?.exception(name, message) ?? []) exchange.write(bytes);
      // gRPC has the error in its trailers; elsewhere those frames were it.
      finish({ kind: 'exception', place: 'stream', name, message, ...(hints && { hints }) });
      return;
    }
    end();
    journal.close(entry, 'refused');
    exchange.fail(name, message, headers, hints);
  };
  const cancelHead = clock.after(headAfterMs, begin);
  journal.stoppable(entry, () => fail('internal', endedByHand));
  exchange.onClose(() => {
    end();
    journal.close(entry, leftBehind);
  });
  return {
    get isOver() {
      return isOver;
    },
    begin,
    finish,
    fail,
    speak(sending, done) {
      begin();
      const turn = turns((ending) =>
        ending.kind === 'complete' ? setImmediate(done) : finish(ending),
      );
      pump(sending.frames, turn, clock, {
        sent(events, bytes) {
          entry.events += events;
          entry.bytes += bytes;
        },
        ended: () => undefined,
        broken: (error) => fail('internal', `leakbed failed to answer: ${String(error)}`),
      });
    },
  };
}

/** Exchanges for one pump after another; only the latest hears of drain and close. */
function inTurns(exchange: Exchange): (finish: (ending: Ending) => void) => Exchange {
  let onDrain = () => {};
  let onClose = () => {};
  exchange.onDrain(() => onDrain());
  exchange.onClose(() => onClose());
  return (finish) => ({
    ...exchange,
    finish,
    onDrain(callback) {
      onDrain = callback;
    },
    onClose(callback) {
      onClose = callback;
    },
  });
}
