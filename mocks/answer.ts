// From a routed request to bytes on their way: settings, script, outcome, pump. The same path
// serves every provider and transport, so a fault is written once.

import type { Clock, Rng } from '../injectors/determinism.ts';
import { acceptsGzip, gzipCodec } from './codec/gzip.ts';
import { framingOf } from './framing.ts';
import { type Journal, noteInjection, type OpenEntry } from './journal.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { PlanInForce } from './plan-in-force.ts';
import {
  type Answer,
  type ApiRequest,
  type Call,
  type Provider,
  ProviderError,
  type RoutedOperation,
} from './provider.ts';
import { createScript, type StreamScript } from './script/script.ts';
import { type Settings, settingsFor } from './settings.ts';
import type { Exchange } from './transport/exchange.ts';
import { type Arrivals, type PumpObserver, pump } from './transport/pump.ts';

export interface AnswerContext {
  readonly provider: Provider;
  readonly plan: PlanInForce;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Sub-stream of the run's seed for this one request. */
  readonly rng: Rng;
  readonly connection: { readonly index: number; readonly exchange: number };
}

/** Answers one request; never throws, whatever the request holds. */
export function answerRequest(
  request: ApiRequest,
  routed: RoutedOperation,
  exchange: Exchange,
  context: AnswerContext,
): void {
  const entry = openEntry(request, routed.name, context);
  try {
    start(request, routed, exchange, context, entry);
  } catch (error) {
    refuse(error, exchange, context.journal, entry);
  }
}

/** Anything but a refusal is a bug of ours: the client still gets an answer that says so. */
export function refuse(
  error: unknown,
  exchange: Exchange,
  journal: Journal,
  entry: OpenEntry,
): void {
  const isRefusal = error instanceof ProviderError;
  const message = isRefusal ? error.message : `leakbed failed to answer: ${String(error)}`;
  if (!isRefusal) noteInjection(entry, message);
  const { headers, hints } = isRefusal ? error.extra : {};
  const all = { ...headers, ...faultHeader(entry) };
  exchange.fail(isRefusal ? error.code : 'internal', message, all, hints);
  journal.close(entry, 'refused');
}

function start(
  request: ApiRequest,
  routed: RoutedOperation,
  exchange: Exchange,
  context: AnswerContext,
  entry: OpenEntry,
): void {
  const { call, answer } = routed.read();
  const { outcome, reply } = prepareAnswer(call, answer, request, context, entry);
  send(outcome, reply, exchange, context, entry);
}

export function openEntry(
  request: ApiRequest,
  operation: string,
  { journal, provider, connection }: AnswerContext,
): OpenEntry {
  return journal.open({
    requestId: request.requestId,
    provider: provider.name,
    operation,
    model: '',
    transport: request.transport,
    connection: connection.index,
    exchange: connection.exchange,
    faults: [],
    injected: [],
    events: 0,
    bytes: 0,
    ending: null,
    durationMs: null,
  });
}

/** Settings, script and faults of one call; what comes out only has to be sent. */
export function prepareAnswer(
  call: Call,
  answer: (script: StreamScript) => Answer,
  request: ApiRequest,
  context: Pick<AnswerContext, 'provider' | 'plan' | 'rng'>,
  entry: OpenEntry,
): { readonly outcome: Outcome; readonly reply: Answer } {
  entry.model = call.model;
  const header = request.headers['x-leakbed'];
  const words = typeof header === 'string' ? header : undefined;
  const settings = settingsFor(call, context.provider.name, words, context.plan, context.rng);
  if (settings.problems.length > 0) {
    throw new ProviderError('validation', `leakbed directive: ${settings.problems.join(' ')}`);
  }
  const { inputTokens, maxTokens, tools, forcedTool } = call;
  const limits = {
    inputTokens,
    ...(maxTokens !== undefined && !settings.isSizeChosen && { maxTokens }),
    ...(tools !== undefined && { tools }),
    ...(forcedTool !== undefined && { forcedTool }),
  };
  const script = createScript(settings.script, limits, context.rng.fork('script'));
  const reply = compressed(answer(script), request, settings);
  entry.faults = settings.faults.map(({ bound }) => bound.name);
  const outcome = outcomeOf(script, reply, settings.faults, {
    transport: request.transport,
    framing: framingOf(request.transport, reply),
    role: reply.role,
    rng: context.rng.fork('faults'),
    note: (fault, what) => noteInjection(entry, `${fault}: ${what}`),
  });
  return { outcome, reply };
}

/** gzip where the service has it, but not where a fault has to cut at the byte it names. */
function compressed(reply: Answer, request: ApiRequest, { script, faults }: Settings): Answer {
  const { encoding } = script;
  const isWanted = encoding === 'gzip' || (encoding === 'auto' && faults.length === 0);
  const isTaken = request.transport !== 'grpc' && acceptsGzip(request.headers['accept-encoding']);
  if (reply.mayCompress !== true || !isWanted || !isTaken) return reply;
  const headers = { ...reply.headers, 'content-encoding': 'gzip' };
  return { ...reply, headers, codec: gzipCodec(reply.codec) };
}

/** `arrivals`: where the outcome's frames come from, if they are not made here. */
export function send(
  outcome: Outcome,
  reply: Pick<Answer, 'status'>,
  exchange: Exchange,
  { journal, clock }: Pick<AnswerContext, 'journal' | 'clock'>,
  entry: OpenEntry,
  arrivals?: Arrivals,
): void {
  const observer = observe(exchange, journal, entry);
  if ('error' in outcome) {
    const { name, message, hints } = outcome.error;
    delayed(clock, outcome.dueMs, exchange, observer.broken, () => {
      exchange.fail(name, message, { ...outcome.headers, ...faultHeader(entry) }, hints);
      journal.close(entry, 'refused');
    });
    return;
  }
  if ('ending' in outcome) {
    delayed(clock, outcome.dueMs, exchange, observer.broken, () => {
      observer.ended(outcome.ending);
      exchange.finish(outcome.ending);
    });
    return;
  }
  delayed(clock, outcome.headDueMs, exchange, observer.broken, () => {
    exchange.head(outcome.status ?? reply.status, { ...outcome.headers, ...faultHeader(entry) });
    pump(outcome.frames, exchange, clock, observer, arrivals);
  });
}

export const endedByHand = 'leakbed: this stream was ended by hand.';

/** Writes the journal. Apart, so that what waits for the client's end holds no frames. */
function observe(exchange: Exchange, journal: Journal, entry: OpenEntry): PumpObserver {
  // A hanging stream stays in flight until the client gives up.
  let leftBehind: 'gone' | 'hang' = 'gone';
  exchange.onClose(() => journal.close(entry, leftBehind));
  journal.stoppable(entry, () => exchange.fail('internal', endedByHand, faultHeader(entry)));
  return {
    sent(events, bytes) {
      entry.events += events;
      entry.bytes += bytes;
    },
    ended(ending) {
      if (ending.kind === 'hang') leftBehind = 'hang';
      else journal.close(entry, ending.kind);
    },
    broken: (error) => refuse(error, exchange, journal, entry),
  };
}

/** Runs `action` after the delay unless the client leaves first. */
function delayed(
  clock: Clock,
  delayMs: number,
  exchange: Exchange,
  broken: (error: unknown) => void,
  action: () => void,
): void {
  if (delayMs <= 0) {
    action();
    return;
  }
  const cancel = clock.after(delayMs, () => {
    try {
      action();
    } catch (error) {
      broken(error);
    }
  });
  exchange.onClose(cancel);
}

/** Says on the wire which faults were planned, so that nobody hunts a planted bug. */
function faultHeader(entry: OpenEntry): Record<string, string> {
  return entry.faults.length === 0 ? {} : { 'x-leakbed-fault': entry.faults.join(',') };
}
