// From model events to the messages of one Gemini stream.
//
//   thinking, text ─► one message each    tool call ─► one message when its arguments are whole,
//                                                      or as partial-args.ts cuts it
//   signature ─► in the next call or the last message    citations, stop, usage ─► the last message

import type { Citation, StopReason } from '../../injectors/stream.ts';
import type { Codec, EncodedFrame } from '../provider.ts';
import type { TokenCounts } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { pieceLength, toldCalls, wholeCalls } from './gemini-calls.ts';
import { blockedChunk, type ChunkIdentity, finalChunk, partsChunk } from './gemini-chunk.ts';
import { toldCallEvents } from './partial-args.ts';
import { hole, type MessageWire } from './wire.ts';

/** What a request asks of its stream. */
export interface GeminiStreamOptions {
  /** Tokens of the cached content that goes before the prompt. */
  readonly cachedTokens: number;
  /** Calls are told bit by bit. */
  readonly streamsArguments: boolean;
}

/** One message per piece of text and thought and per tool call, and the last one. */
export function geminiEventCount(
  { blocks, stopReason, settings }: StreamScript,
  { streamsArguments }: GeminiStreamOptions,
): number {
  if (stopReason === 'guardrail') return 1;
  return blocks.reduce((sum, block) => {
    if (block.kind !== 'tool') return sum + block.events;
    if (!streamsArguments) return sum + 1;
    return sum + toldCallEvents(block.call, block.bytes, pieceLength(settings));
  }, 1);
}

export function geminiCodec(
  identity: ChunkIdentity,
  wire: MessageWire,
  script: StreamScript,
  { cachedTokens, streamsArguments }: GeminiStreamOptions,
): Codec {
  if (script.stopReason === 'guardrail') return blockedCodec(identity, wire);
  const text = wire.template(partsChunk(identity, [{ text: hole }]));
  const { run } = text;
  const part = (value: object) => wire.message('delta', partsChunk(identity, [{ ...value }]));
  const citations: Citation[] = [];
  const calls = streamsArguments ? toldCalls(script) : wholeCalls();
  let thoughtSignature: string | undefined;
  let stop: StopReason | undefined;
  let usage: TokenCounts | undefined;

  const signed = () => {
    const field = thoughtSignature === undefined ? {} : { thoughtSignature };
    thoughtSignature = undefined;
    return field;
  };
  /** The end of a call that was told bit by bit is empty; what signs it stands at its begin. */
  const told = (values: readonly object[]): EncodedFrame[] =>
    values.map((functionCall) =>
      part('name' in functionCall ? { functionCall, ...signed() } : { functionCall }),
    );
  /** Why and at what cost the model stopped come in either order. */
  const last = (): EncodedFrame[] => {
    if (stop === undefined && usage === undefined) return [];
    const parts = [{ text: '', ...signed() }];
    const chunk = finalChunk(identity, parts, { stop, usage, citations }, script, cachedTokens);
    stop = undefined;
    usage = undefined;
    return [wire.message('stop', chunk)];
  };
  const lastIfWhole = () => (stop !== undefined && usage !== undefined ? last() : []);
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [];
        case 'text':
          return [...told(calls.end()), text.one(event.text)];
        case 'thinking':
          return [part({ text: event.text, thought: true })];
        case 'signature':
          thoughtSignature = event.signature;
          return [];
        case 'citation':
          citations.push(event.citation);
          return [];
        case 'tool-call':
          return [...told(calls.end()), ...told(calls.begin(event.id, event.name))];
        case 'tool-input':
          return told(calls.take(event.json));
        case 'stop':
          stop = event.reason;
          return [...told(calls.end()), ...lastIfWhole()];
        case 'usage':
          usage = event;
          return lastIfWhole();
      }
    },
    ...(run && { run: (texts) => [...told(calls.end()), run(texts)] }),
    finish: () => [...told(calls.end()), ...last(), ...wire.end()],
    exception: wire.exception,
  };
}

/** A prompt that is blocked: one message, and nothing of what the model might have said. */
function blockedCodec(identity: ChunkIdentity, wire: MessageWire): Codec {
  return {
    encode: (event) =>
      event.kind === 'usage' ? [wire.message('stop', blockedChunk(identity, event))] : [],
    finish: wire.end,
    exception: wire.exception,
  };
}
