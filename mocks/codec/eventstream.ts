// application/vnd.amazon.eventstream: bytes of one message. Pure: no timers, no sockets.
// Source: Amazon Event Stream specification (smithy.io/2.0/aws/amazon-eventstream.html).
//
//   0        4             8            12         12+H       12+H+P
//   total u32 headers u32   prelude crc  headers H  payload P  message crc
//
// Integers are big-endian, both checksums CRC-32/IEEE; the second covers all bytes before it.

import { crc32 } from 'node:zlib';
import type { Region } from '../../injectors/stream.ts';

/** Bytes of a message that are neither headers nor payload. */
export const overheadBytes = 16;

export interface EventMessage {
  readonly bytes: Buffer;
  readonly regions: Readonly<Record<EventRegion, Region>>;
}

export type EventRegion =
  | 'prelude'
  | 'length'
  | 'prelude-crc'
  | 'headers'
  | 'payload'
  | 'message-crc';

/**
 * Encodes string headers once, to be shared by every message of that type: they are the same for
 * each, and building them anew costs more than the rest of a message.
 */
export function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const nameBytes = Buffer.from(name);
    const valueBytes = Buffer.from(value);
    if (nameBytes.length > 255 || valueBytes.length > 32767) {
      throw new RangeError(`Cannot encode header ${name}: names take 255 bytes, values 32767.`);
    }
    const lengths = Buffer.from([stringType, valueBytes.length >> 8, valueBytes.length & 0xff]);
    return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, lengths, valueBytes]);
  });
  return Buffer.concat(parts);
}

/** Encodes one message with a single allocation. */
export function encodeMessage(headers: Buffer, payload: string): EventMessage {
  const payloadStart = 12 + headers.length;
  const payloadEnd = payloadStart + Buffer.byteLength(payload);
  const total = payloadEnd + 4;
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeUInt32BE(total, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  headers.copy(bytes, 12);
  bytes.write(payload, payloadStart);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, payloadEnd)), payloadEnd);
  return { bytes, regions: messageRegions(payloadStart, total) };
}

/** Where what is in a message of `total` bytes. */
export function messageRegions(payloadStart: number, total: number): EventMessage['regions'] {
  return {
    prelude: preludeRegion,
    length: lengthRegion,
    'prelude-crc': preludeCrcRegion,
    headers: [12, payloadStart],
    payload: [payloadStart, total - 4],
    'message-crc': [total - 4, total],
  };
}

/** Makes both checksums of a whole message right again after a fault has changed its bytes. */
export function sealMessage(bytes: Buffer): void {
  const end = bytes.length - 4;
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end)), end);
}

const stringType = 7;
const preludeRegion: Region = [0, 8];
const lengthRegion: Region = [0, 4];
const preludeCrcRegion: Region = [8, 12];
