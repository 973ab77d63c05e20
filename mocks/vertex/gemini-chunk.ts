// GenerateContentResponse as an object with the field names of JSON: what one Gemini message says.
// A stream repeats the answer's identity in every message; the last one alone has the finish
// reason and the full counts, as captured from the service.

import { systemClock } from '../../injectors/determinism.ts';
import type { ModelEvent, StopReason } from '../../injectors/stream.ts';
import type { StreamScript } from '../script/script.ts';

export type UsageEvent = Extract<ModelEvent, { kind: 'usage' }>;

/** What every message of one answer repeats. */
export interface ChunkIdentity {
  readonly modelVersion: string;
  readonly createTime: string;
  readonly responseId: string;
}

export interface GeminiChunk extends ChunkIdentity {
  readonly candidates: readonly GeminiCandidate[];
  readonly usageMetadata: Readonly<Record<string, unknown>>;
}

export interface GeminiCandidate {
  readonly content: {
    readonly role: 'model';
    readonly parts: readonly { text: string }[];
  };
  readonly finishReason?: string;
}

/** Gemini has no word of its own for a stop sequence or a tool call. */
const finishReasons: Readonly<Record<StopReason, string>> = {
  end: 'STOP',
  'max-tokens': 'MAX_TOKENS',
  'stop-sequence': 'STOP',
  'tool-use': 'STOP',
  'content-filter': 'SAFETY',
  guardrail: 'PROHIBITED_CONTENT',
  'context-window': 'MAX_TOKENS',
  'malformed-tool': 'MALFORMED_FUNCTION_CALL',
  'malformed-output': 'OTHER',
};

const trafficType = 'ON_DEMAND';
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

export function textChunk(identity: ChunkIdentity, text: string): GeminiChunk {
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] } }],
    usageMetadata: { trafficType },
    ...identity,
  };
}

/** The last message of a stream, or the only one of a unary answer. */
export function finalChunk(
  identity: ChunkIdentity,
  text: string,
  stop: StopReason | undefined,
  usage: UsageEvent | undefined,
): GeminiChunk {
  const finish = stop === undefined ? {} : { finishReason: finishReasons[stop] };
  return {
    candidates: [{ content: { role: 'model', parts: [{ text }] }, ...finish }],
    usageMetadata: usage === undefined ? { trafficType } : usageMetadata(usage),
    ...identity,
  };
}

function usageMetadata({ inputTokens, outputTokens }: UsageEvent): GeminiChunk['usageMetadata'] {
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
    trafficType,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: inputTokens }],
    candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: outputTokens }],
  };
}
