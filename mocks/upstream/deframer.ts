// A foreign answer's bytes as frames, with the regions that faults aim at: what a codec does for an
// answer of our own, the other way round. Holds one event at most, and of a huge one only a part.

import type { Framing, Region } from '../../injectors/stream.ts';
import { messageRegions, sealMessage } from '../codec/eventstream.ts';
import { grpcRegions } from '../codec/grpc.ts';
import type { EncodedFrame } from '../provider.ts';
import {
  eventStreamScanner,
  grpcScanner,
  jsonArrayScanner,
  pieceScanner,
  type Scanner,
  sseScanner,
  wholeScanner,
} from './scanners.ts';

export interface Deframer {
  /** Frames that are now whole. */
  push(bytes: Buffer): Generator<EncodedFrame, void, undefined>;
  /** What is left when the body has ended. */
  end(): readonly EncodedFrame[];
}

/** Far more than a model says at once; what is larger comes in parts. */
export const heldLimitBytes = 8 * 1024 ** 2;

/** `body` with `isSmall` is one event, as an answer of our own is; any other comes in pieces. */
export function createDeframer(framing: Framing, isSmall: boolean): Deframer {
  const scanner = scannerFor(framing, isSmall);
  let parts: Buffer[] = [];
  let heldBytes = 0;
  const taken = (): Buffer => {
    const [first] = parts;
    const whole = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
    parts = [];
    heldBytes = 0;
    return whole;
  };
  const hold = (part: Buffer): void => {
    if (part.length === 0) return;
    parts.push(part);
    heldBytes += part.length;
  };
  return {
    *push(bytes) {
      for (let start = 0; start < bytes.length; ) {
        const end = scanner.endOf(bytes, start);
        hold(bytes.subarray(start, end));
        start = end ?? bytes.length;
        if (end !== undefined) {
          const whole = taken();
          if (scanner.isFraming) yield { bytes: whole, label: 'framing' };
          else yield { bytes: whole, label: 'delta', ...aimed(framing, whole) };
        } else if (heldBytes > heldLimitBytes) {
          // As they came: put together they would be in memory twice.
          const unheld = parts;
          parts = [];
          heldBytes = 0;
          for (const part of unheld) yield { bytes: part, label: 'framing' };
        }
      }
    },
    end() {
      if (heldBytes === 0) return [];
      return [{ bytes: taken(), label: isSmall && framing === 'body' ? 'body' : 'framing' }];
    },
  };
}

function scannerFor(framing: Framing, isSmall: boolean): Scanner {
  switch (framing) {
    case 'event-stream':
      return eventStreamScanner();
    case 'sse':
      return sseScanner();
    case 'json-array':
      return jsonArrayScanner();
    case 'grpc':
      return grpcScanner();
    case 'body':
      return isSmall ? wholeScanner() : pieceScanner();
    case 'websocket':
      return pieceScanner();
    default:
      return framing satisfies never;
  }
}

/** The last part of an event that was too large to hold has no regions. */
function aimed(framing: Framing, bytes: Buffer): Pick<EncodedFrame, 'regions' | 'seal'> {
  switch (framing) {
    case 'event-stream': {
      const isWhole = bytes.length >= 16 && bytes.readUInt32BE(0) === bytes.length;
      const payloadStart = isWhole ? 12 + bytes.readUInt32BE(4) : 0;
      if (!isWhole || payloadStart > bytes.length - 4) return {};
      return { regions: messageRegions(payloadStart, bytes.length), seal: sealMessage };
    }
    case 'sse':
      return { regions: sseRegions(bytes) };
    case 'json-array': {
      const start = Math.max(0, bytes.indexOf('{'));
      return { regions: { separator: [0, start], payload: [start, bytes.length] } };
    }
    case 'grpc':
      return { regions: grpcRegions(bytes.length) };
    default:
      return {};
  }
}

function sseRegions(bytes: Buffer): Record<'field' | 'payload' | 'separator', Region> {
  const text = bytes.toString('latin1');
  const lead = /^data: ?/m.exec(text);
  const start = lead === null ? 0 : lead.index + lead[0].length;
  const end = Math.max(start, text.trimEnd().length);
  return { field: [0, start], payload: [start, end], separator: [end, bytes.length] };
}
