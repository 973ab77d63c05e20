// Answers a session: reads the client's stream and writes the turns it asks for, one after another,
// while reading goes on. Ends when the client has ended and every turn is out, or as a fault says.

import type { Readable } from 'node:stream';
import { complete, type Ending } from '../injectors/stream.ts';
import { type AnswerContext, openEntry, prepareAnswer } from './answer.ts';
import { noteInjection } from './journal.ts';
import { type ApiRequest, ProviderError } from './provider.ts';
import type { Session, Turn } from './session.ts';
import type { Exchange } from './transport/exchange.ts';
import { pump } from './transport/pump.ts';

/** Turns that may wait; a client that asks for more is not read until one is done. */
const maxWaiting = 8;
/** Refusals until then are HTTP errors; a client may wait for the head before it speaks. */
const headAfterMs = 500;

export function answerSession(
  request: ApiRequest,
  operation: { readonly name: string; open(): Session },
  incoming: Readable,
  exchange: Exchange,
  context: AnswerContext,
): void {
  const { clock, journal } = context;
  const entry = openEntry(request, operation.name, context);
  const waiting: Turn[] = [];
  let session: Session | undefined;
  let isHeadSent = false;
  let isSpeaking = false;
  let hasEnded = false;
  let isOver = false;
  let turnCount = 0;
  let onDrain = () => {};
  let onClose = () => {};

  exchange.onDrain(() => onDrain());
  exchange.onClose(() => {
    isOver = true;
    cancelHead();
    onClose();
    // Destroying it would close a connection that an answer has only just been put on.
    incoming.resume();
    journal.close(entry, 'gone');
  });
  const cancelHead = clock.after(headAfterMs, () => sendHead());

  const sendHead = () => {
    if (isHeadSent || isOver) return;
    isHeadSent = true;
    cancelHead();
    const faults = entry.faults.length > 0 && { 'x-leakbed-fault': entry.faults.join(',') };
    exchange.head(200, { ...session?.headers, ...faults });
  };
  const finish = (ending: Ending) => {
    if (isOver) return;
    isOver = true;
    cancelHead();
    waiting.length = 0;
    exchange.finish(ending);
    // What the client still sends is read and dropped, so that it can see the answer's end.
    incoming.resume();
    if (ending.kind !== 'hang') journal.close(entry, ending.kind);
  };
  const fail = (name: string, message: string) => {
    if (isOver) return;
    if (isHeadSent) {
      for (const { bytes } of session?.exception(name, message) ?? []) exchange.write(bytes);
      // gRPC has the error in its trailers; elsewhere these frames were it.
      finish({ kind: 'exception', place: 'stream', name, message });
      return;
    }
    isOver = true;
    cancelHead();
    exchange.fail(name, message);
    incoming.resume();
    journal.close(entry, 'refused');
  };
  /** A refusal is the service's; anything else is a bug of ours and says so. */
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      if (error instanceof ProviderError) fail(error.code, error.message);
      else {
        noteInjection(entry, `leakbed failed to answer: ${String(error)}`);
        fail('internal', `leakbed failed to answer: ${String(error)}`);
      }
    }
  };

  const next = () => {
    if (isSpeaking || isOver) return;
    const turn = waiting.shift();
    if (turn !== undefined) {
      speak(turn);
      if (waiting.length < maxWaiting) incoming.resume();
    } else if (hasEnded) {
      sendHead();
      finish(complete);
    }
  };
  const speak = (turn: Turn) => {
    const rng = context.rng.fork(`turn:${turnCount++}`);
    const { outcome } = prepareAnswer(turn.call, turn.answer, request, { ...context, rng }, entry);
    if ('error' in outcome) {
      fail(outcome.error.name, outcome.error.message);
      return;
    }
    isSpeaking = true;
    sendHead();
    const part: Exchange = {
      ...exchange,
      finish(ending) {
        if (ending.kind !== 'complete') {
          finish(ending);
          return;
        }
        isSpeaking = false;
        // The pump is still in its turn; the next one begins after it.
        setImmediate(() => attempt(next));
      },
      onDrain(callback) {
        onDrain = callback;
      },
      onClose(callback) {
        onClose = callback;
      },
    };
    pump(outcome.frames, part, clock, {
      sent(events, bytes) {
        entry.events += events;
        entry.bytes += bytes;
      },
      ended: () => undefined,
      broken: (error) => fail('internal', `leakbed failed to answer: ${String(error)}`),
    });
  };

  attempt(() => {
    session = operation.open();
    entry.model = session.model;
  });
  incoming.on('data', (bytes: Buffer) => {
    if (isOver) return;
    attempt(() => {
      waiting.push(...(session?.receive(bytes) ?? []));
      if (waiting.length >= maxWaiting) incoming.pause();
      next();
    });
  });
  incoming.on('end', () => {
    if (isOver) return;
    attempt(() => {
      session?.end();
      hasEnded = true;
      next();
    });
  });
  incoming.on('error', () => undefined);
}
