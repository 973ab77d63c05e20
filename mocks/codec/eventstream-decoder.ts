// application/vnd.amazon.eventstream from bytes as they arrive to messages, for what clients stream
// in. Pure; bounded by the limits of the specification, checked before anything is buffered.
// Source: Amazon Event Stream specification (smithy.io/2.0/aws/amazon-eventstream.html).

import { crc32 } from 'node:zlib';
import { overheadBytes } from './eventstream.ts';

export type HeaderValue = string | boolean | number | bigint | Date | Buffer;

export interface ReceivedMessage {
  readonly headers: ReadonlyMap<string, HeaderValue>;
  readonly payload: Buffer;
}

export interface EventDecoder {
  /**
   * Messages completed by these bytes, to be taken before more are pushed; throws an
   * EventStreamError on reaching a bad one, and is of no use after that.
   */
  push(bytes: Buffer): Generator<ReceivedMessage, void, undefined>;
  /** Throws when a message is incomplete. */
  end(): void;
}

/** What is wrong with a stream, as a sentence. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

const preludeBytes = 12;
export const maxHeaderBytes = 128 * 1024;
export const maxMessageBytes = 16 * 1024 ** 2;

export function createEventDecoder(): EventDecoder {
  let parts: Buffer[] = [];
  let held = 0;
  /** Length of the message under way, known once its prelude is here. */
  let wanted: number | undefined;
  return {
    *push(bytes) {
      parts.push(bytes);
      held += bytes.length;
      while (held >= (wanted ?? preludeBytes)) {
        // Parts are joined once per message, however many there are.
        const all = parts.length === 1 ? (parts[0] ?? bytes) : Buffer.concat(parts);
        parts = [all];
        wanted ??= readPrelude(all);
        if (held < wanted) break;
        const message = readMessage(all.subarray(0, wanted));
        parts = [all.subarray(wanted)];
        held -= wanted;
        wanted = undefined;
        yield message;
      }
    },
    end() {
      if (held > 0) throw new EventStreamError('Truncated event message received.');
    },
  };
}

function readPrelude(bytes: Buffer): number {
  const total = bytes.readUInt32BE(0);
  const headers = bytes.readUInt32BE(4);
  const given = bytes.readUInt32BE(8);
  const own = crc32(bytes.subarray(0, 8));
  if (given !== own) throw mismatch('prelude', given, own);
  if (headers > maxHeaderBytes) throw new EventStreamError('The headers are too long.');
  if (total > maxMessageBytes) throw new EventStreamError('The message is too long.');
  if (total < overheadBytes + headers) {
    throw new EventStreamError('The message is shorter than its own headers.');
  }
  return total;
}

function readMessage(bytes: Buffer): ReceivedMessage {
  const end = bytes.length - 4;
  const given = bytes.readUInt32BE(end);
  const own = crc32(bytes.subarray(0, end));
  if (given !== own) throw mismatch('message', given, own);
  const payloadStart = preludeBytes + bytes.readUInt32BE(4);
  return {
    headers: readHeaders(bytes.subarray(preludeBytes, payloadStart)),
    payload: bytes.subarray(payloadStart, end),
  };
}

function readHeaders(bytes: Buffer): Map<string, HeaderValue> {
  const headers = new Map<string, HeaderValue>();
  let at = 0;
  const take = (length: number): Buffer => {
    const end = at + length;
    if (end > bytes.length) throw new EventStreamError('A header is cut off.');
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString();
    if (headers.has(name)) throw new EventStreamError(`The header ${name} is there twice.`);
    headers.set(name, readValue(take(1).readUInt8(), take));
  }
  return headers;
}

function readValue(type: number, take: (length: number) => Buffer): HeaderValue {
  switch (type) {
    case 0:
      return true;
    case 1:
      return false;
    case 2:
      return take(1).readInt8();
    case 3:
      return take(2).readInt16BE();
    case 4:
      return take(4).readInt32BE();
    case 5:
      return take(8).readBigInt64BE();
    case 6:
      return take(take(2).readUInt16BE());
    case 7:
      return take(take(2).readUInt16BE()).toString();
    case 8:
      return new Date(Number(take(8).readBigInt64BE()));
    case 9:
      return take(16);
    default:
      throw new EventStreamError(`There is no header type ${type}.`);
  }
}

function mismatch(what: string, given: number, own: number): EventStreamError {
  const [is, should] = [given, own].map((crc) => crc.toString(16).padStart(8, '0'));
  return new EventStreamError(`The ${what} checksum ${is} does not match ${should}.`);
}
