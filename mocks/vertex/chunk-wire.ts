// The three ways a Gemini stream travels: gRPC messages, SSE, one JSON array. Each turns messages
// into frames; a text message differs from the next in its text alone, so the rest is made once.
//
//   start ─► nothing    text ─► one frame    stop + usage ─► the last frame

import type { FrameLabel } from '../../injectors/stream.ts';
import { grpcFrame } from '../codec/grpc.ts';
import { jsonArrayWriter } from '../codec/json-array.ts';
import { sseFrame } from '../codec/sse.ts';
import type { Codec, EncodedFrame } from '../provider.ts';
import { errorJson, googleError } from './errors.ts';
import { type ChunkIdentity, type GeminiChunk, textChunk } from './gemini-chunk.ts';
import { oneLineJson, prettyJson, type Replacer } from './json.ts';
import { type ApiVersion, encodeWithPrefix, vertexType } from './protos.ts';

export interface ChunkWire {
  text(text: string): EncodedFrame;
  chunk(label: FrameLabel, chunk: GeminiChunk): EncodedFrame;
  exception: Codec['exception'];
  end(): readonly EncodedFrame[];
}

const lineEnding = '\r\n';

/** Real errors break out of the SSE framing: a bare pretty object, after which the body ends. */
export function sseWire(identity: ChunkIdentity, replacer?: Replacer): ChunkWire {
  const text = textTemplate(oneLineJson(textChunk(identity, hole), replacer));
  return {
    text: (words) => sseFrame('delta', text(words), lineEnding),
    chunk: (label, chunk) => sseFrame(label, oneLineJson(chunk, replacer), lineEnding),
    exception: (name, message) => [
      { bytes: Buffer.from(`${errorJson(googleError(name, message))}\n`), label: 'exception' },
    ],
    end: () => [],
  };
}

/** An error is one more element, and the array is closed behind it. */
export function arrayWire(identity: ChunkIdentity, replacer?: Replacer): ChunkWire {
  const array = jsonArrayWriter();
  const text = textTemplate(prettyJson(textChunk(identity, hole), replacer));
  return {
    text: (words) => array.element('delta', text(words)),
    chunk: (label, chunk) => array.element(label, prettyJson(chunk, replacer)),
    exception: (name, message, sentEvents) => [
      array.elementAfter(sentEvents, 'exception', errorJson(googleError(name, message))),
      ...array.close(),
    ],
    end: () => array.close(),
  };
}

/** Errors go into the trailers, which the transport writes. */
export function grpcWire(identity: ChunkIdentity, version: ApiVersion): ChunkWire {
  const type = vertexType(version, 'GenerateContentResponse');
  const part = { text: '' };
  const reused = type.fromObject(protoChunk(textChunk(identity, '')));
  // fromObject copies, so the part inside is put in by hand to stay reachable.
  const [candidate] = (reused as unknown as GeminiChunk).candidates;
  Object.assign(candidate?.content ?? {}, { parts: [part] });
  return {
    text(words) {
      part.text = words;
      return grpcFrame('delta', encodeWithPrefix(type, reused));
    },
    chunk: chunkMessage(version),
    exception: () => [],
    end: () => [],
  };
}

export function chunkMessage(version: ApiVersion): ChunkWire['chunk'] {
  const type = vertexType(version, 'GenerateContentResponse');
  return (label, chunk) =>
    grpcFrame(label, encodeWithPrefix(type, type.fromObject(protoChunk(chunk))));
}

/** JSON has its time as text, the message as seconds and nanoseconds. */
function protoChunk(chunk: GeminiChunk): object {
  const ms = Date.parse(chunk.createTime);
  const createTime = { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
  return { ...chunk, createTime };
}

/** A character that JSON always escapes, so it cannot stand in the rest of the message. */
const hole = '\u0000';

function textTemplate(json: string): (text: string) => string {
  const mark = JSON.stringify(hole);
  const at = json.indexOf(mark);
  const before = json.slice(0, at);
  const after = json.slice(at + mark.length);
  return (text) => before + JSON.stringify(text) + after;
}
