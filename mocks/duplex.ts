// Answers a session: reads the client's stream and writes the turns it asks for, one after another,
// while reading goes on. Ends when the client has ended and every turn is out, or as a fault says.

import type { Readable } from 'node:stream';
import { complete } from '../injectors/stream.ts';
import { type AnswerContext, openEntry, prepareAnswer } from './answer.ts';
import { noteInjection, type OpenEntry } from './journal.ts';
import type { Nothing, Refusal } from './outcome.ts';
import { type ApiRequest, ProviderError, type Session, type Turn } from './provider.ts';
import { createSessionAnswer, type SessionAnswer } from './session-answer.ts';
import type { Exchange } from './transport/exchange.ts';

/** Turns that may wait; a client that asks for more is not read until one is done. */
const maxWaiting = 8;

export function answerSession(
  request: ApiRequest,
  operation: { readonly name: string; open(): Session },
  incoming: Readable,
  exchange: Exchange,
  context: AnswerContext,
): void {
  const entry = openEntry(request, operation.name, context);
  const waiting: Turn[] = [];
  let session: Session | undefined;
  let isSpeaking = false;
  let hasEnded = false;
  /** What is wrong with the client's stream; told when all it asked for before is answered. */
  let failure: { readonly error: unknown } | undefined;
  let turnCount = 0;
  const answer = createSessionAnswer(() => session, exchange, context, entry);

  const attempt = (action: () => void) => attemptFor(answer, entry, action);
  const speak = ({ call, answer: answerTurn }: Turn) => {
    const turn = { ...context, rng: context.rng.fork(`turn:${turnCount++}`) };
    const { outcome } = prepareAnswer(call, withoutHead(answerTurn), request, turn, entry);
    if (!('frames' in outcome)) {
      endWith(outcome, answer);
      return;
    }
    isSpeaking = true;
    answer.speak(outcome, () => {
      isSpeaking = false;
      attempt(next);
    });
  };
  const next = () => {
    if (isSpeaking) return;
    const turn = waiting.shift();
    if (turn !== undefined) {
      speak(turn);
      incoming.resume();
    } else if (failure !== undefined) {
      throw failure.error;
    } else if (hasEnded) {
      answer.begin();
      answer.finish(complete);
    }
  };

  const hear = (action: () => void) => {
    if (answer.isOver || failure !== undefined) return;
    try {
      action();
    } catch (error) {
      failure = { error };
    }
    attempt(next);
    if (waiting.length >= maxWaiting && !answer.isOver) incoming.pause();
  };

  attempt(() => {
    session = operation.open();
    entry.model = session.model;
  });
  // After the end, what the client still sends is read and dropped: a stream that is destroyed
  // takes its connection along, and with it an answer that has only just been written.
  incoming.on('data', (bytes: Buffer) =>
    hear(() => {
      for (const turn of session?.receive(bytes) ?? []) waiting.push(turn);
    }),
  );
  exchange.onClose(() => incoming.resume());
  incoming.on('end', () =>
    hear(() => {
      session?.end();
      hasEnded = true;
    }),
  );
  incoming.on('error', () => undefined);
}

/** A refusal is the service's; anything else is a bug of ours and says so. */
function attemptFor(answer: SessionAnswer, entry: OpenEntry, action: () => void): void {
  if (answer.isOver) return;
  try {
    action();
  } catch (error) {
    const isRefusal = error instanceof ProviderError;
    const message = isRefusal ? error.message : `leakbed failed to answer: ${String(error)}`;
    if (!isRefusal) noteInjection(entry, message);
    answer.fail(isRefusal ? error.code : 'internal', message, isRefusal ? error.extra : {});
  }
}

/** A fault gave the turn an error or an ending in place of its frames. */
function endWith(outcome: Refusal | Nothing, answer: SessionAnswer): void {
  if (!('error' in outcome)) {
    answer.finish(outcome.ending);
    return;
  }
  const { error, headers } = outcome;
  const { name, message, hints } = error;
  answer.fail(name, message, { headers, ...(hints && { hints }) });
}

/** The head of a session goes out before its turns, so faults of a head cannot be there. */
function withoutHead(answer: Turn['answer']): Turn['answer'] {
  return (script) => ({ ...answer(script), role: 'turn' });
}
