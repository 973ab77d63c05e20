// Event-stream messages as Bedrock sends them: its three headers in its order, the header block of
// each event type built once, and errors inside a stream.

import {
  type EventMessage,
  encodeHeaders,
  encodeMessage,
  sealMessage,
} from '../codec/eventstream.ts';
import type { EncodedFrame } from '../provider.ts';
import { streamError, unmodelledError } from './errors.ts';

export type EventType =
  | 'messageStart'
  | 'contentBlockStart'
  | 'contentBlockDelta'
  | 'contentBlockStop'
  | 'messageStop'
  | 'metadata'
  | 'chunk';

const headersOf = {
  messageStart: eventHeaders('messageStart'),
  contentBlockStart: eventHeaders('contentBlockStart'),
  contentBlockDelta: eventHeaders('contentBlockDelta'),
  contentBlockStop: eventHeaders('contentBlockStop'),
  messageStop: eventHeaders('messageStop'),
  metadata: eventHeaders('metadata'),
  chunk: eventHeaders('chunk'),
} satisfies Record<EventType, Buffer>;

/** A member of the response's event union; `json` is the payload, already serialized. */
export function eventFrame(
  type: EventType,
  label: EncodedFrame['label'],
  json: string,
): EncodedFrame {
  return labelled(label, encodeMessage(headersOf[type], json));
}

/**
 * An error after the stream began: a member of the union, or for `unmodelled.NAME` a message of the
 * other kind, which stands for errors that no operation models.
 */
export function errorFrame(name: string, message: string): EncodedFrame {
  const unmodelled = unmodelledError(name, message);
  if (unmodelled !== undefined) {
    const headers = encodeHeaders({
      ':error-code': unmodelled.code,
      ':error-message': unmodelled.message,
      ':message-type': 'error',
    });
    return labelled('exception', encodeMessage(headers, ''));
  }
  const { member, body } = streamError(name, message);
  const headers = encodeHeaders({
    ':exception-type': member,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  });
  return labelled('exception', encodeMessage(headers, JSON.stringify(body)));
}

function labelled(label: EncodedFrame['label'], { bytes, regions }: EventMessage): EncodedFrame {
  return { bytes, label, regions, seal: sealMessage };
}

function eventHeaders(type: EventType): Buffer {
  return encodeHeaders({
    ':event-type': type,
    ':content-type': 'application/json',
    ':message-type': 'event',
  });
}
