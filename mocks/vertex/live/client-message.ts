// One message of a Live client: JSON in a text or binary frame, with exactly one of four members.
// Source: BidiGenerateContentClientMessage of the Live API reference.

import { ProviderError } from '../../provider.ts';
import { type Fields, fieldsOf, listOf } from '../json.ts';

export interface Sound {
  readonly pcm: Buffer;
  readonly rateHz: number;
}

export interface ToolResponse {
  readonly id: string;
  /** Only read for a directive and counted. */
  readonly json: string;
}

export type ClientMessage =
  | { readonly kind: 'setup'; readonly setup: Fields }
  | { readonly kind: 'content'; readonly texts: readonly string[]; readonly isComplete: boolean }
  | {
      readonly kind: 'realtime';
      readonly sounds: readonly Sound[];
      readonly text: string | undefined;
      readonly isStart: boolean;
      readonly isEnd: boolean;
      readonly isStreamEnd: boolean;
    }
  | {
      readonly kind: 'tool-response';
      readonly responses: readonly ToolResponse[];
    };

const kinds = ['setup', 'clientContent', 'realtimeInput', 'toolResponse'] as const;
const defaultRateHz = 16_000;

/** Throws what closes the connection when the message is none of these. */
export function readClientMessage(data: Buffer): ClientMessage {
  const message = fieldsOf(parse(data));
  const present = kinds.filter((kind) => fieldsOf(message?.(kind)) !== undefined);
  const [kind] = present;
  const body = kind && fieldsOf(message?.(kind));
  if (body === undefined || present.length !== 1) throw invalid();
  switch (kind) {
    case 'setup':
      return { kind: 'setup', setup: body };
    case 'clientContent':
      return {
        kind: 'content',
        texts: listOf(body('turns')).flatMap(textsOf),
        isComplete: body('turnComplete') === true,
      };
    case 'realtimeInput':
      return readRealtime(body);
    case 'toolResponse':
      return { kind: 'tool-response', responses: listOf(body('functionResponses')).map(response) };
    default:
      throw invalid();
  }
}

/** What the service says to nearly every message it does not like. */
export function invalid(reason = 'Request contains an invalid argument.'): ProviderError {
  return new ProviderError('INVALID_ARGUMENT', reason);
}

export function textsOf(content: unknown): string[] {
  return listOf(fieldsOf(content)?.('parts')).flatMap((part) => {
    const text = fieldsOf(part)?.('text');
    return typeof text === 'string' ? [text] : [];
  });
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    throw invalid('Invalid JSON payload received.');
  }
}

function readRealtime(body: Fields): ClientMessage {
  const blobs = [...listOf(body('mediaChunks')), body('audio')];
  const text = body('text');
  return {
    kind: 'realtime',
    sounds: blobs.flatMap(soundOf),
    text: typeof text === 'string' ? text : undefined,
    isStart: fieldsOf(body('activityStart')) !== undefined,
    isEnd: fieldsOf(body('activityEnd')) !== undefined,
    isStreamEnd: body('audioStreamEnd') === true,
  };
}

/** Pictures are media too; they are taken and say nothing. */
function soundOf(blob: unknown): Sound[] {
  const fields = fieldsOf(blob);
  const [mimeType, data] = [fields?.('mimeType'), fields?.('data')];
  if (typeof mimeType !== 'string' || typeof data !== 'string') return [];
  if (!mimeType.startsWith('audio/pcm')) return [];
  const rateHz = Number(/rate=(\d{4,6})\b/.exec(mimeType)?.[1] ?? defaultRateHz);
  return [{ pcm: Buffer.from(data, 'base64'), rateHz }];
}

function response(value: unknown): ToolResponse {
  const fields = fieldsOf(value);
  const id = fields?.('id');
  if (typeof id !== 'string') throw invalid();
  return { id, json: JSON.stringify(fields?.('response') ?? {}) };
}
