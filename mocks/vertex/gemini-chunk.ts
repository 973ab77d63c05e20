// GenerateContentResponse as an object with the field names of JSON: what one Gemini message says.
// A stream repeats the answer's identity in every message; the last one alone has the finish
// reason and the full counts, as captured from the service.

import { systemClock } from '../../injectors/determinism.ts';
import type { Citation, StopReason } from '../../injectors/stream.ts';
import type { TokenCounts } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { usageMetadata } from './gemini-usage.ts';
import { blockedFeedback, safetyRatings } from './safety.ts';

/** What every message of one answer repeats. */
export interface ChunkIdentity {
  readonly modelVersion: string;
  readonly createTime: string;
  readonly responseId: string;
}

export type GeminiPart = Readonly<Record<string, unknown>>;

/** What the last message says beside its parts. */
export interface Finish {
  readonly stop?: StopReason | undefined;
  readonly usage?: TokenCounts | undefined;
  readonly citations: readonly Citation[];
}

/** Gemini has no word of its own for a stop sequence or a tool call. */
const finishReasons: Readonly<Record<StopReason, string>> = {
  end: 'STOP',
  'max-tokens': 'MAX_TOKENS',
  'stop-sequence': 'STOP',
  'tool-use': 'STOP',
  'content-filter': 'SAFETY',
  guardrail: 'MODEL_ARMOR',
  'context-window': 'MAX_TOKENS',
  'malformed-tool': 'MALFORMED_FUNCTION_CALL',
  'malformed-output': 'OTHER',
};

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');

export function chunkIdentity(model: string, script: StreamScript): ChunkIdentity {
  const rng = script.rng.fork('response-id');
  return {
    modelVersion: model,
    // Google prints microseconds.
    createTime: systemClock.wallTime().toISOString().replace('Z', '000Z'),
    responseId: Array.from({ length: 22 }, () => rng.pick(idAlphabet)).join(''),
  };
}

/** A message of the middle of a stream. */
export function partsChunk(identity: ChunkIdentity, parts: readonly GeminiPart[]): object {
  return {
    candidates: [{ content: { role: 'model', parts } }],
    usageMetadata: { trafficType: 'ON_DEMAND' },
    ...identity,
  };
}

/** The last message of a stream, or the only one of a unary answer. */
export function finalChunk(
  identity: ChunkIdentity,
  parts: readonly GeminiPart[],
  { stop, usage, citations }: Finish,
  script: StreamScript,
  cachedTokens: number,
): object {
  const counts = usageMetadata(usage, script, cachedTokens);
  const candidate = {
    content: { role: 'model', parts },
    ...(stop !== undefined && { finishReason: finishReasons[stop] }),
    ...(stop === 'content-filter' && { safetyRatings: safetyRatings(true) }),
    ...(stop === 'malformed-tool' && {
      finishMessage: 'Malformed function call: print(default_api.lookup(',
    }),
    ...(citations.length > 0 && { citationMetadata: { citations: citations.map(citationJson) } }),
  };
  return { candidates: [candidate], usageMetadata: counts, ...identity };
}

/** A prompt that is refused has no candidates: one message says why. */
export function blockedChunk(identity: ChunkIdentity, usage: TokenCounts | undefined): object {
  const { inputTokens: count = 0 } = usage ?? {};
  const counts = { promptTokenCount: count, totalTokenCount: count, trafficType: 'ON_DEMAND' };
  return { promptFeedback: blockedFeedback, usageMetadata: counts, ...identity };
}

function citationJson({ title, start, end }: Citation): object {
  return { startIndex: start, endIndex: end, title, uri: 'https://example.com/document-1' };
}
