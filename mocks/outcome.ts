// From a script to what goes out: model events through the faults and the codec, then a stream of
// frames, one body whose length is known, or an error in place of both. Nothing here waits.

import { disturb, disturbHead, type StreamFacts } from '../injectors/pipeline.ts';
import type { PlannedFault } from '../injectors/plan.ts';
import {
  type BrokenEnding,
  complete,
  type Ending,
  type EventStream,
  type ExceptionEnding,
  type Frame,
  type FrameStream,
  isEvent,
  type TimedEvent,
} from '../injectors/stream.ts';
import { type Answer, type Codec, type EncodedFrame, ProviderError } from './provider.ts';
import type { StreamScript, TextRun } from './script/script.ts';

export interface Sending {
  readonly frames: FrameStream;
  /** In place of the answer's own. */
  readonly status?: number;
  /** All headers; unary heads carry the length and go out with the first bytes. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headDueMs: number;
}

export type Outcome = Sending | Refusal | Nothing;

/** An error in place of the answer, with headers that faults put beside its own. */
export interface Refusal {
  readonly error: ExceptionEnding;
  readonly headers: Readonly<Record<string, string>>;
  readonly dueMs: number;
}

/** The answer ends before its head. */
export interface Nothing {
  readonly ending: BrokenEnding;
  readonly dueMs: number;
}

/** An answer that is not streamed is built at once and in memory, so it is bounded. */
const wholeLimit = { pieces: 1_000_000, mebibytes: 256 };

export function outcomeOf(
  script: StreamScript,
  reply: Answer,
  faults: readonly PlannedFault[],
  facts: Omit<StreamFacts, 'totalEvents'>,
): Outcome {
  if (!reply.isStreaming) refuseHuge(script);
  const meter = { bytes: 0 };
  const whole = { ...facts, totalEvents: reply.totalEvents };
  const encoded = (events: EventStream) => encode(events, reply.codec, meter);
  const { codec } = reply;
  const frames =
    faults.length === 0
      ? encode(codec.run ? script.runs() : script.events(), kept(codec), meter)
      : disturb(script.events(), encoded, faults, whole);
  const outcome = reply.isStreaming ? streaming(frames, reply.codec) : unstreamed(frames, meter);
  return withHead(outcome, reply.headers, faults, whole);
}

/** The same of frames that are there already, bytes of an upstream; they are always a stream. */
export function streamOutcome(
  frames: FrameStream,
  reply: { readonly headers: Answer['headers']; readonly codec: Pick<Codec, 'exception'> },
  faults: readonly PlannedFault[],
  facts: StreamFacts,
): Outcome {
  return withHead(streaming(frames, reply.codec), reply.headers, faults, facts);
}

function withHead(
  outcome: Outcome,
  replyHeaders: Readonly<Record<string, string>>,
  faults: readonly PlannedFault[],
  whole: StreamFacts,
): Outcome {
  if ('ending' in outcome) return outcome;
  if ('error' in outcome) {
    const { headers, dueMs } = disturbHead(outcome, faults, whole);
    return { ...outcome, headers, dueMs };
  }
  const undisturbed = { ...replyHeaders, ...outcome.headers };
  const head = { headers: undisturbed, dueMs: outcome.headDueMs };
  const { dueMs: headDueMs, ...disturbed } = disturbHead(head, faults, whole);
  return { ...outcome, ...disturbed, headDueMs };
}

function refuseHuge({ blocks }: StreamScript): void {
  const pieces = blocks.reduce((sum, { events }) => sum + events, 0);
  const bytes = blocks.reduce((sum, block) => sum + block.bytes, 0);
  if (pieces <= wholeLimit.pieces && bytes <= wholeLimit.mebibytes * 1024 ** 2) return;
  throw new ProviderError(
    'validation',
    `leakbed directive: Cannot answer ${bytes} bytes in ${pieces} pieces without a stream: at ` +
      `most ${wholeLimit.mebibytes}MiB and ${wholeLimit.pieces} pieces fit. Ask for a stream.`,
  );
}

/** What no fault looks at may be put together from what is there. */
function kept(codec: Codec): Codec {
  return codec.pieces === undefined ? codec : { ...codec, finish: codec.pieces };
}

/** The codec as a stream of frames; times are the sum of the gaps. */
function* encode(
  events: Iterable<TimedEvent | TextRun>,
  codec: Codec,
  meter: { bytes: number },
): FrameStream {
  let dueMs = 0;
  const timed = (frame: EncodedFrame): Frame => {
    meter.bytes += frame.bytes.length;
    return { ...frame, dueMs };
  };
  for (const told of events) {
    if ('texts' in told) {
      for (const frame of codec.run?.(told.texts) ?? []) yield timed(frame);
      continue;
    }
    dueMs += told.gapMs;
    for (const frame of codec.encode(told.event)) yield timed(frame);
  }
  for (const frame of codec.finish()) yield timed(frame);
  return complete;
}

/** A stream: an error in place of the response is seen before the head is sent. */
function streaming(frames: FrameStream, codec: Pick<Codec, 'exception'>): Outcome {
  const first = frames.next();
  if (first.done && first.value.kind === 'exception' && first.value.place === 'response') {
    return { error: first.value, headers: {}, dueMs: 0 };
  }
  const nothing = first.done ? headless(first.value) : undefined;
  if (nothing !== undefined) return { ending: nothing, dueMs: 0 };
  return { frames: withException(first, frames, codec), headers: {}, headDueMs: 0 };
}

function headless(ending: Ending): BrokenEnding | undefined {
  if (ending.kind === 'complete' || ending.kind === 'exception' || ending.kind === 'close') return;
  return ending.isHeadless === true ? ending : undefined;
}

/** Spells an exception in the stream's own protocol; gRPC codecs leave it to the trailers. */
function* withException(
  first: IteratorResult<Frame, Ending>,
  frames: FrameStream,
  codec: Pick<Codec, 'exception'>,
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
  const ending = step.value;
  if (ending.kind === 'exception') {
    for (const frame of codec.exception(ending.name, ending.message, sentEvents)) {
      dueMs += ending.gapMs ?? 0;
      yield { ...frame, dueMs };
    }
    if (ending.staysOpen === true) return { kind: 'hang' };
  }
  return ending;
}

/**
 * One body: all frames are at hand before the head, so its length is known. A clean early end
 * declares what it sends; any other ending leaves the undisturbed length standing, as a server
 * that broke off would.
 */
function unstreamed(frames: FrameStream, meter: { readonly bytes: number }): Outcome {
  const collected: Frame[] = [];
  let step = frames.next();
  while (!step.done) {
    collected.push(step.value);
    step = frames.next();
  }
  const ending = step.value;
  const headDueMs = collected[0]?.dueMs ?? 0;
  if (ending.kind === 'exception') return { error: ending, headers: {}, dueMs: headDueMs };
  const nothing = headless(ending);
  if (nothing !== undefined) return { ending: nothing, dueMs: headDueMs };
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
