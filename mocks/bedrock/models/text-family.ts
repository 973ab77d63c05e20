// Text models whose native body is a small fixed form (Nova, Titan, Llama, Mistral, Cohere): each
// is a TextFormat, a table of what it takes and how it spells an answer; here are its two codecs.

import type { ModelEvent } from '../../../injectors/stream.ts';
import type { Call, Codec, EncodedFrame } from '../../provider.ts';
import { type CachedTokens, type Collected, createCollector } from '../../script/collector.ts';
import type { StreamScript } from '../../script/script.ts';
import { createBodyCodec } from '../body-codec.ts';
import { createChunks } from '../chunk.ts';
import type { JsonObject } from '../constraints.ts';
import { lastChunkFields } from '../usage.ts';
import type { InvokeExtras, ModelFamily, ModelRequest } from './family.ts';
import { checkSchema, type Schema } from './malformed.ts';

type ModelEventOf<K extends ModelEvent['kind']> = Extract<ModelEvent, { kind: K }>;

/** What an answer is made from, whole or at the end of a stream. */
export interface TextAnswer extends Collected {
  readonly body: JsonObject;
  readonly script: StreamScript;
  readonly cached: CachedTokens | undefined;
}

export interface TextFormat extends Pick<ModelFamily, 'name' | 'matches' | 'looksLike'> {
  readonly schema: Readonly<Record<string, Schema>>;
  /** What the user said, and all limits the body names; the body has passed the schema. */
  read(
    body: JsonObject,
  ): Pick<Call, 'prompt' | 'inputTokens' | 'maxTokens' | 'tools' | 'forcedTool'> &
    Pick<ModelRequest, 'parts'>;
  whole(answer: TextAnswer): object;
  readonly chunks: ChunkFormat;
}

export interface ChunkFormat {
  /** Chunks of a stream of this script, for positions in it. */
  count(script: StreamScript, body: JsonObject): number;
  start?(): readonly object[];
  /** Made anew for each stream, since some count their pieces. */
  open(
    script: StreamScript,
    body: JsonObject,
  ): {
    text(event: ModelEventOf<'text'>): readonly object[];
    /** Absent where the model's own stream has no tool calls. */
    tool?(event: ModelEventOf<'tool-call' | 'tool-input'> | undefined): readonly object[];
  };
  /** What ends the stream; Bedrock's metrics join the last of them. */
  last(answer: TextAnswer): readonly object[];
  /** True when `last` repeats the whole text, which must then be kept. */
  readonly repeatsText?: true;
}

export function textFamily(format: TextFormat): ModelFamily {
  const { name, matches, looksLike, chunks } = format;
  return {
    name,
    isEmbedding: false,
    matches,
    looksLike,
    read(body) {
      checkSchema(body, format.schema);
      return {
        ...format.read(body),
        answer: (script, extras) =>
          createBodyCodec((collected) => ({
            ...format.whole({ ...collected, body, script, cached: extras?.cached }),
            ...extras?.guardrail,
          })),
        stream: (script, extras) => ({
          codec: createChunkCodec(chunks, body, script, extras),
          totalEvents: chunks.count(script, body),
        }),
      };
    },
  };
}

function createChunkCodec(
  format: ChunkFormat,
  body: JsonObject,
  script: StreamScript,
  extras: InvokeExtras | undefined,
): Codec {
  const { chunk, exception } = createChunks(script);
  const collector = createCollector();
  const writer = format.open(script, body);
  let hasEnded = true;
  const deltas = (values: readonly object[]): EncodedFrame[] =>
    values.map((value) => chunk('delta', JSON.stringify(value)));
  const conclude = (): EncodedFrame[] => {
    hasEnded = true;
    const collected = collector.collected();
    const values = format.last({ ...collected, body, script, cached: extras?.cached });
    const fields = collected.usage && lastChunkFields(collected.usage, script, extras);
    return values.map((value, index) =>
      index < values.length - 1
        ? chunk('stop', JSON.stringify(value))
        : chunk('usage', JSON.stringify({ ...value, ...fields })),
    );
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return (format.start?.() ?? []).map((value) => chunk('start', JSON.stringify(value)));
        case 'text':
          if (format.repeatsText) collector.add(event);
          return deltas(writer.text(event));
        case 'tool-call':
        case 'tool-input':
          return deltas(writer.tool?.(event) ?? []);
        case 'stop':
          collector.add(event);
          hasEnded = false;
          return deltas(writer.tool?.(undefined) ?? []);
        case 'usage':
          collector.add(event);
          return conclude();
        default:
          return [];
      }
    },
    // A fault may have taken the usage away; the stop it followed still has to be told.
    finish: () => (hasEnded ? [] : conclude()),
    exception,
  };
}
