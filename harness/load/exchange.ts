// One request and its answer on one connection: an undici handler (56 µs per stream of 100 events,
// where fetch takes 337) that feeds a body reader and is what client faults act on. However it
// ends, it settles once, with an answer; it never rejects.

import type { Dispatcher } from 'undici';
import type {
  AbortWay,
  ClientExchange,
  ExchangeProgress,
} from '../../injectors/client/exchange.ts';
import type { RequestOutcome } from '../record.ts';
import { type GatewayAnswer, startTally, type Tally } from './answer.ts';
import type { BodyReader } from './body-reader.ts';
import type { Connection } from './connections.ts';
import { readError, readJson } from './json-reader.ts';
import { readSse } from './sse-reader.ts';
import { readVectors } from './vector-reader.ts';

export interface ExchangeFacts {
  readonly id: string;
  readonly connection: Connection;
  readonly isStreamed: boolean;
  /** Of a whole answer, where it is known. */
  readonly expected: {
    readonly eventCount?: number | undefined;
    readonly vectorCount?: number | undefined;
  };
  nowMs(): number;
  /** Keeps the connection from being used again until so much later, then ends it. */
  hold(heldMs: number): void;
}

export interface Exchange extends ClientExchange {
  readonly answer: Promise<GatewayAnswer>;
  readonly handler: Dispatcher.DispatchHandler;
  /** Ends the exchange as an error of ours (a limit, the end of the run). */
  fail(reason: string): void;
}

/** How we ended an exchange; undici then reports our own abort, which is no news. */
interface OwnEnd {
  readonly outcome: RequestOutcome;
  readonly error?: string;
}

interface State {
  readonly tally: Tally;
  readonly listeners: ((progress: ExchangeProgress) => void)[];
  controller?: Dispatcher.DispatchController;
  own?: OwnEnd;
  hasStarted: boolean;
  isPaused: boolean;
}

/** One error for all: undici needs an instance, and a stack for each would cost a microsecond. */
const ended = new Error('The load client ended the request.');

export function beginExchange(facts: ExchangeFacts): Exchange {
  const { connection, expected } = facts;
  const tally = startTally(facts.id, facts.nowMs);
  const state: State = { tally, listeners: [], hasStarted: false, isPaused: false };
  const end = (way: AbortWay, own: OwnEnd) => {
    if (tally.isOver || state.own !== undefined) return;
    state.own = own;
    // Without a controller it is still connecting; onRequestStart then ends it unsent.
    if (state.controller === undefined) return;
    if (way === 'reset') connection.socket()?.resetAndDestroy();
    state.controller.abort(ended);
  };
  return {
    answer: tally.answer,
    handler: handlerFor(state, facts),
    expectedEventCount: expected.eventCount,
    onProgress: (listener) => void state.listeners.push(listener),
    abort: (way) => end(way, { outcome: 'aborted' }),
    fail: (error) => end('close', { outcome: 'error', error }),
    vanish(heldMs) {
      if (tally.isOver || state.own !== undefined) return;
      state.own = { outcome: 'aborted' };
      pause(state, true);
      facts.hold(heldMs);
      tally.finish('aborted');
    },
    pauseReading: () => pause(state, true),
    resumeReading: () => pause(state, false),
    endWriting: () => void connection.socket()?.end(),
    retireConnection: () => void tally.answer.then(() => connection.socket()?.destroy()),
  };
}

/** undici can pause a body only; a pause that is asked for before begins with it. */
function pause(state: State, isPaused: boolean): void {
  state.isPaused = isPaused;
  if (!state.hasStarted) return;
  if (isPaused) state.controller?.pause();
  else state.controller?.resume();
}

function handlerFor(
  state: State,
  { isStreamed, expected: { vectorCount } }: ExchangeFacts,
): Dispatcher.DispatchHandler {
  const { tally, listeners } = state;
  let reader: BodyReader | undefined;
  const report = () => {
    if (listeners.length === 0) return;
    for (const listener of listeners) listener(tally.progress);
  };
  const onContent = () => {
    tally.countEvent();
    report();
    return state.own === undefined;
  };
  return {
    onRequestStart(controller) {
      state.controller = controller;
      if (state.own !== undefined) controller.abort(ended);
    },
    onRequestSent: report,
    onResponseStart(_controller, status) {
      tally.status = status;
      state.hasStarted = true;
      if (state.isPaused) pause(state, true);
      if (status >= 400) reader = readError(status);
      else if (isStreamed) reader = readSse(onContent);
      else if (vectorCount === undefined) reader = readJson(onContent);
      else reader = readVectors(onContent, vectorCount);
    },
    onResponseData(_controller, chunk) {
      tally.progress.byteCount += chunk.length;
      reader?.read(chunk);
      if (state.own === undefined) report();
    },
    onResponseEnd() {
      const problem = reader?.problem();
      if (problem === undefined) tally.finish('ok', { tokens: reader?.tokens?.() });
      else tally.finish('error', { error: problem });
    },
    onResponseError(_controller, error) {
      if (state.own !== undefined) tally.finish(state.own.outcome, state.own);
      else tally.finish('error', { error: describe(error) });
    },
  };
}

function describe(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? `${error.code}: ${error.message}` : error.message;
}
