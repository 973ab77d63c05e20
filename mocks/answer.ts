// From a routed request to bytes on their way: settings, script, faults, encoding, pump. The same
// path serves every provider and transport, so a fault is written once.

import type { Clock, Rng } from '../injectors/determinism.ts';
import { disturb } from '../injectors/pipeline.ts';
import {
  complete,
  type Ending,
  type EventStream,
  type Frame,
  type FrameStream,
  isEvent,
} from '../injectors/stream.ts';
import { type Journal, noteInjection, type OpenEntry } from './journal.ts';
import type { PlanInForce } from './plan-in-force.ts';
import {
  type Answer,
  type ApiRequest,
  type Codec,
  type EncodedFrame,
  type Provider,
  ProviderError,
  type RoutedOperation,
} from './provider.ts';
import { createScript } from './script/script.ts';
import { settingsFor } from './settings.ts';
import type { Exchange } from './transport/exchange.ts';
import { pump } from './transport/pump.ts';

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
  const entry = context.journal.open({
    requestId: request.requestId,
    provider: context.provider.name,
    operation: routed.name,
    model: '',
    transport: request.transport,
    connection: context.connection.index,
    exchange: context.connection.exchange,
    faults: [],
    injected: [],
    events: 0,
    bytes: 0,
    ending: null,
    durationMs: null,
  });
  try {
    start(request, routed, exchange, context, entry);
  } catch (error) {
    // Anything but a refusal is a bug of ours: the client still gets an answer that says so.
    const isRefusal = error instanceof ProviderError;
    const message = isRefusal ? error.message : `leakbed failed to answer: ${String(error)}`;
    exchange.fail(isRefusal ? error.code : 'internal', message);
    context.journal.close(entry, 'refused');
  }
}

function start(
  request: ApiRequest,
  routed: RoutedOperation,
  exchange: Exchange,
  context: AnswerContext,
  entry: OpenEntry,
): void {
  const { call, answer } = routed.read();
  entry.model = call.model;
  const header = request.headers['x-leakbed'];
  const words = typeof header === 'string' ? header : undefined;
  const settings = settingsFor(call, context.provider.name, words, context.plan, context.rng);
  if (settings.problems.length > 0) {
    throw new ProviderError('validation', `leakbed directive: ${settings.problems.join(' ')}`);
  }
  const limits = {
    inputTokens: call.inputTokens,
    ...(call.maxTokens !== undefined && !settings.isSizeChosen && { maxTokens: call.maxTokens }),
    ...(call.tools !== undefined && { tools: call.tools }),
    ...(call.forcedTool !== undefined && { forcedTool: call.forcedTool }),
  };
  const script = createScript(settings.script, limits, context.rng.fork('script'));
  const reply = answer(script);
  entry.faults = settings.faults.map(({ bound }) => bound.name);
  const meter = { bytes: 0 };
  const frames = disturb(
    script.events(),
    (events) => encode(events, reply.codec, meter),
    settings.faults,
    {
      totalEvents: reply.totalEvents,
      rng: context.rng.fork('faults'),
      note: (fault, what) => noteInjection(entry, `${fault}: ${what}`),
    },
  );
  const outcome = reply.isStreaming ? streaming(frames, reply, request) : whole(frames, meter);
  if ('error' in outcome) {
    delayed(context.clock, outcome.dueMs, exchange, () => {
      exchange.fail(outcome.error.name, outcome.error.message);
      context.journal.close(entry, 'refused');
    });
    return;
  }
  send(outcome, reply, exchange, context, entry);
}

interface Sending {
  readonly frames: FrameStream;
  /** Unary heads carry the length and go out with the first bytes. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headDueMs: number;
}

type Outcome =
  | Sending
  | { readonly error: { readonly name: string; readonly message: string }; readonly dueMs: number };

function send(
  sending: Sending,
  reply: Answer,
  exchange: Exchange,
  context: AnswerContext,
  entry: OpenEntry,
): void {
  delayed(context.clock, sending.headDueMs, exchange, () => {
    const { headers } = sending;
    exchange.head(reply.status, { ...reply.headers, ...headers, ...faultHeader(entry) });
    pump(sending.frames, exchange, context.clock, {
      sent(events, bytes) {
        entry.events += events;
        entry.bytes += bytes;
      },
      ended: (ending) => {
        // A hanging stream stays in flight until the client gives up.
        if (ending.kind === 'hang') exchange.onClose(() => context.journal.close(entry, 'hang'));
        else context.journal.close(entry, ending.kind);
      },
    });
  });
  exchange.onClose(() => context.journal.close(entry, 'gone'));
}

/** Runs `action` after the delay unless the client leaves first. */
function delayed(clock: Clock, delayMs: number, exchange: Exchange, action: () => void): void {
  if (delayMs <= 0) {
    action();
    return;
  }
  const cancel = clock.after(delayMs, action);
  exchange.onClose(cancel);
}

/** The codec as a stream of frames; times are the sum of the gaps. */
function* encode(events: EventStream, codec: Codec, meter: { bytes: number }): FrameStream {
  let dueMs = 0;
  const timed = (frame: EncodedFrame): Frame => {
    meter.bytes += frame.bytes.length;
    return { ...frame, dueMs };
  };
  for (const { event, gapMs } of events) {
    dueMs += gapMs;
    for (const frame of codec.encode(event)) yield timed(frame);
  }
  for (const frame of codec.finish()) yield timed(frame);
  return complete;
}

/** A stream: an error in place of the response is seen before the head is sent. */
function streaming(frames: FrameStream, reply: Answer, request: ApiRequest): Outcome {
  const first = frames.next();
  if (first.done && first.value.kind === 'exception' && first.value.place === 'response') {
    return { error: first.value, dueMs: 0 };
  }
  return { frames: withException(first, frames, reply.codec, request), headers: {}, headDueMs: 0 };
}

/** Spells an exception in the stream's own protocol; gRPC leaves it to the trailers. */
function* withException(
  first: IteratorResult<Frame, Ending>,
  frames: FrameStream,
  codec: Codec,
  request: ApiRequest,
): FrameStream {
  let step = first;
  let dueMs = 0;
  let sentEvents = 0;
  while (!step.done) {
    dueMs = step.value.dueMs;
    if (isEvent(step.value)) sentEvents += 1;
    yield step.value;
    step = frames.next();
  }
  if (step.value.kind !== 'exception') return step.value;
  for (const frame of codec.exception(step.value.name, step.value.message, sentEvents)) {
    yield { ...frame, dueMs };
  }
  return request.transport === 'grpc' ? step.value : complete;
}

/**
 * One body: all frames are at hand before the head, so its length is known. A clean early end
 * declares what it sends; any other ending leaves the undisturbed length standing, as a server
 * that broke off would.
 */
function whole(frames: FrameStream, meter: { readonly bytes: number }): Outcome {
  const collected: Frame[] = [];
  let step = frames.next();
  while (!step.done) {
    collected.push(step.value);
    step = frames.next();
  }
  const ending = step.value;
  const headDueMs = collected[0]?.dueMs ?? 0;
  if (ending.kind === 'exception') return { error: ending, dueMs: headDueMs };
  const sentBytes = collected.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const length = ending.kind === 'complete' ? sentBytes : meter.bytes;
  return {
    frames: replay(collected, ending, headDueMs),
    headers: { 'content-length': String(length) },
    headDueMs,
  };
}

function* replay(frames: readonly Frame[], ending: Ending, fromMs: number): FrameStream {
  for (const frame of frames) yield { ...frame, dueMs: frame.dueMs - fromMs };
  return ending;
}

/** Says on the wire which faults were planned, so that nobody hunts a planted bug. */
function faultHeader(entry: OpenEntry): Record<string, string> {
  return entry.faults.length === 0 ? {} : { 'x-leakbed-fault': entry.faults.join(',') };
}
