// The three ways a stream of messages travels: gRPC, SSE, one JSON array. Each turns messages,
// given as plain JSON, into frames, and knows how an error inside the stream is spelled.

import type { FrameLabel } from '../../injectors/stream.ts';
import { grpcFrame } from '../codec/grpc.ts';
import { jsonArrayWriter } from '../codec/json-array.ts';
import { sseFrame } from '../codec/sse.ts';
import type { Answer, Codec, EncodedFrame } from '../provider.ts';
import { errorJson, googleError } from './errors.ts';
import { grpcHeaders, jsonHeaders, sseHeaders } from './headers.ts';
import { oneLineJson, prettyJson } from './json.ts';
import { encodeResponse, restShape } from './operation.ts';
import { fromProtoJson } from './proto-json.ts';
import { encodeWithPrefix, messageType } from './protos.ts';
import { type Invocation, isSse } from './request.ts';

export interface MessageWire {
  readonly headers: Answer['headers'];
  message(label: FrameLabel, json: object): EncodedFrame;
  /** Messages that differ in one text: `json` holds `hole` where the text goes. */
  template(json: object): (text: string) => EncodedFrame;
  readonly exception: Codec['exception'];
  end(): readonly EncodedFrame[];
}

/** A character that JSON always escapes, so it cannot stand in the rest of the message. */
export const hole = '\u0000';

export function messageWire(invocation: Invocation): MessageWire {
  if (invocation.request.transport === 'grpc') return grpcWire(invocation);
  return isSse(invocation.request) ? sseWire(invocation) : arrayWire(invocation);
}

const lineEnding = '\r\n';

/** Real errors break out of the SSE framing: a bare pretty object, after which the body ends. */
function sseWire(invocation: Invocation): MessageWire {
  const spell = (json: object) => oneLineJson(restShape(invocation, json));
  return {
    headers: sseHeaders,
    message: (label, json) => sseFrame(label, spell(json), lineEnding),
    template(json) {
      const fill = jsonTemplate(spell(json));
      return (text) => sseFrame('delta', fill(text), lineEnding);
    },
    exception: (name, message) => [
      { bytes: Buffer.from(`${errorJson(googleError(name, message))}\n`), label: 'exception' },
    ],
    end: () => [],
  };
}

/** An error is one more element, and the array is closed behind it. */
function arrayWire(invocation: Invocation): MessageWire {
  const array = jsonArrayWriter();
  const spell = (json: object) => prettyJson(restShape(invocation, json));
  return {
    headers: jsonHeaders,
    message: (label, json) => array.element(label, spell(json)),
    template(json) {
      const fill = jsonTemplate(spell(json));
      return (text) => array.element('delta', fill(text));
    },
    exception: (name, message, sentEvents) => [
      array.elementAfter(sentEvents, 'exception', errorJson(googleError(name, message))),
      ...array.close(),
    ],
    end: () => array.close(),
  };
}

/** Errors go into the trailers, which the transport writes. */
function grpcWire(invocation: Invocation): MessageWire {
  const type = messageType(invocation.method.types?.response ?? '');
  return {
    headers: grpcHeaders,
    message: (label, json) => grpcFrame(label, encodeResponse(invocation, json)),
    template(json) {
      const message = type.fromObject(fromProtoJson(type, json));
      const fill = setterOf(message);
      return (text) => {
        fill?.(text);
        return grpcFrame('delta', encodeWithPrefix(type, message));
      };
    },
    exception: () => [],
    end: () => [],
  };
}

/** Sets the field that holds the hole, wherever in the message it is. */
function setterOf(value: unknown): ((text: string) => void) | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (inner === hole) return (text) => Object.assign(value, { [name]: text });
    const found = setterOf(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function jsonTemplate(json: string): (text: string) => string {
  const mark = JSON.stringify(hole);
  const at = json.indexOf(mark);
  const before = json.slice(0, at);
  const after = json.slice(at + mark.length);
  return (text) => before + JSON.stringify(text) + after;
}
