// WebSocket frames as a server writes them, unmasked (RFC 6455 section 5.2), and a tracker that
// knows where in a written stream one frame ends, so that control frames go between two.

import type { FrameLabel } from '../../injectors/stream.ts';
import type { EncodedFrame } from '../provider.ts';

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const final = 0x80;
const masked = 0x80;
/** Payload lengths from these on are told in 2 and 8 bytes more. */
const from16 = 126;
const from64 = 65_536;
/** Where the length is, by where the payload starts; of the longest its lower six bytes. */
const lengthRegions = { 2: [1, 2], 4: [2, 4], 10: [4, 10] } as const;

/** One whole message in one frame. */
export function websocketFrame(
  label: FrameLabel,
  opcode: number,
  payload: string | Uint8Array,
): EncodedFrame {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const start = length < from16 ? 2 : length < from64 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(start + length);
  bytes[0] = final | opcode;
  if (start === 2) bytes[1] = length;
  else if (start === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  if (typeof payload === 'string') bytes.write(payload, start);
  else bytes.set(payload, start);
  return {
    bytes,
    label,
    regions: { header: [0, start], length: lengthRegions[start], payload: [start, bytes.length] },
  };
}

export interface FrameTracker {
  /** True when no frame is under way. */
  readonly isBetween: boolean;
  /** Follows bytes from an offset to the end of the frame under way, or as far as they go. */
  take(bytes: Uint8Array, from: number): number;
}

export function frameTracker(): FrameTracker {
  const header: number[] = [];
  let payloadLeft = 0;
  return {
    get isBetween() {
      return header.length === 0 && payloadLeft === 0;
    },
    take(bytes, from) {
      let at = from;
      while (payloadLeft === 0 && at < bytes.length) {
        header.push(bytes[at] ?? 0);
        at += 1;
        if (header.length < headerLength(header)) continue;
        payloadLeft = payloadLength(header);
        header.length = 0;
        if (payloadLeft === 0) return at;
      }
      const taken = Math.min(payloadLeft, bytes.length - at);
      payloadLeft -= taken;
      return at + taken;
    },
  };
}

function headerLength(header: readonly number[]): number {
  const second = header[1] ?? 0;
  const length = second & ~masked;
  const mask = second & masked ? 4 : 0;
  return 2 + mask + (length === 127 ? 8 : length === 126 ? 2 : 0);
}

function payloadLength(header: readonly number[]): number {
  const length = (header[1] ?? 0) & ~masked;
  if (length < from16) return length;
  const told = header.slice(2, length === 126 ? 4 : 10);
  return told.reduce((sum, byte) => sum * 256 + byte, 0);
}
