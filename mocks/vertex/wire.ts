// The three ways a stream of messages travels: gRPC, SSE, one JSON array. Each turns messages,
// given as plain JSON, into frames, and knows how an error inside the stream is spelled.

import type { FrameLabel } from '../../injectors/stream.ts';
import { grpcFrame } from '../codec/grpc.ts';
import { jsonArrayWriter } from '../codec/json-array.ts';
import { type TextFrames, textFrames } from '../codec/once-encoded.ts';
import { type LineEnding, sseFrame } from '../codec/sse.ts';
import type { Answer, Codec, EncodedFrame } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import type { ScriptSettings } from '../script/words.ts';
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
  template(json: object): Pick<TextFrames, 'one'> & Partial<TextFrames>;
  readonly exception: Codec['exception'];
  end(): readonly EncodedFrame[];
}

/** A character that JSON always escapes, so it cannot stand in the rest of the message. */
export const hole = '\u0000';

export function messageWire(invocation: Invocation, { settings }: StreamScript): MessageWire {
  if (invocation.request.transport === 'grpc') return grpcWire(invocation);
  return isSse(invocation.request) ? sseWire(invocation, settings) : arrayWire(invocation);
}

const lineEndings = { crlf: '\r\n', lf: '\n', cr: '\r' } as const;

function sseWire(invocation: Invocation, settings: ScriptSettings): MessageWire {
  const lineEnding = lineEndings[settings['sse-newline']];
  const spell = (json: object) => oneLineJson(restShape(invocation, json));
  const exception = sseException(settings['sse-error'], lineEnding);
  let left = settings['stray-error'];
  const frame = (label: FrameLabel, data: string): EncodedFrame => {
    const own = sseFrame(label, data, lineEnding);
    if (settings['stray-error'] === 0 || left-- !== 0) return own;
    return { bytes: Buffer.concat([exception('UNAVAILABLE', '').bytes, own.bytes]), label };
  };
  return {
    headers: sseHeaders,
    message: (label, json) => frame(label, spell(json)),
    template(json) {
      const fill = jsonTemplate(spell(json));
      const one = (text: string) => frame('delta', fill(text));
      // An error that strays in has its place among them.
      return settings['stray-error'] === 0 ? textFrames(one) : { one };
    },
    exception: (name, message) =>
      settings['sse-error'] === 'split'
        ? halves(exception(name, message))
        : [exception(name, message)],
    end: () => [],
  };
}

/** Real errors break out of the SSE framing: a bare pretty object, after which the body ends. */
function sseException(style: ScriptSettings['sse-error'], lineEnding: LineEnding) {
  return (name: string, message: string): EncodedFrame => {
    const json = errorJson(googleError(name, message));
    if (style === 'bare' || style === 'split')
      return { bytes: Buffer.from(`${json}\n`), label: 'exception' };
    const line = oneLineJson(JSON.parse(json));
    if (style === 'data') return sseFrame('exception', line, lineEnding);
    return { bytes: Buffer.from(`${line}\n`), label: 'exception' };
  };
}

/** The second is no event of its own. */
function halves({ bytes, label }: EncodedFrame): readonly EncodedFrame[] {
  const middle = bytes.length >> 1;
  return [
    { bytes: bytes.subarray(0, middle), label },
    { bytes: bytes.subarray(middle), label: 'framing' },
  ];
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
      return { one: (text) => array.element('delta', fill(text)) };
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
      return textFrames((text) => {
        fill?.(text);
        return grpcFrame('delta', encodeWithPrefix(type, message));
      });
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
