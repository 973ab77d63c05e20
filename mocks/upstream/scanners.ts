// Where one event of a foreign stream ends and the next begins, byte by byte and without looking
// back, so that bytes are read once however they come in. Pure: no timers, no sockets.

import { grpcPrefixBytes } from '../codec/grpc.ts';

/** Follows one stream. */
export interface Scanner {
  /** Behind the event that is under way at `start`; undefined while its end has not come. */
  endOf(bytes: Buffer, start: number): number | undefined;
  /** True when what ended last is no event: an array's closing bracket, say. */
  readonly isFraming: boolean;
}

/** Events that begin with their own length. */
function lengthPrefixed(prefixBytes: number, restOf: (prefix: Buffer) => number): Scanner {
  const prefix = Buffer.alloc(prefixBytes);
  let known = 0;
  let rest: number | undefined;
  return {
    isFraming: false,
    endOf(bytes, start) {
      let at = start;
      while (known < prefixBytes && at < bytes.length) prefix[known++] = bytes[at++] ?? 0;
      if (known < prefixBytes) return undefined;
      rest ??= Math.max(0, restOf(prefix));
      const taken = Math.min(rest, bytes.length - at);
      rest -= taken;
      if (rest > 0) return undefined;
      rest = undefined;
      known = 0;
      return at + taken;
    },
  };
}

/** The first four bytes count themselves too. */
export const eventStreamScanner = () => lengthPrefixed(4, (prefix) => prefix.readUInt32BE(0) - 4);

export const grpcScanner = () =>
  lengthPrefixed(grpcPrefixBytes, (prefix) => prefix.readUInt32BE(1));

const lineFeed = 10;
const carriageReturn = 13;

/** An event of SSE ends with an empty line. */
export function sseScanner(): Scanner {
  let isLineEmpty = true;
  return {
    isFraming: false,
    endOf(bytes, start) {
      for (let at = start; at < bytes.length; at++) {
        const byte = bytes[at];
        if (byte === lineFeed) {
          if (isLineEmpty) return at + 1;
          isLineEmpty = true;
        } else if (byte !== carriageReturn) isLineEmpty = false;
      }
      return undefined;
    },
  };
}

const quote = 34;
const backslash = 92;
const openingBracket = 91;
/** Brackets and braces: `[` `{` and `]` `}`. */
const opening = new Set([openingBracket, 123]);
const closing = new Set([93, 125]);

/** Each element of the outermost array is an event, with the separator before it. */
export function jsonArrayScanner(): Scanner {
  let depth = 0;
  /** Of what stands outermost: an object's is 0, as it is one event. */
  let eventDepth: number | undefined;
  let isText = false;
  let isEscaped = false;
  let isFraming = false;
  return {
    get isFraming() {
      return isFraming;
    },
    endOf(bytes, start) {
      for (let at = start; at < bytes.length; at++) {
        const byte = bytes[at] ?? 0;
        if (isText) {
          if (isEscaped) isEscaped = false;
          else if (byte === backslash) isEscaped = true;
          else if (byte === quote) isText = false;
        } else if (byte === quote) isText = true;
        else if (opening.has(byte)) {
          eventDepth ??= byte === openingBracket ? 1 : 0;
          depth += 1;
        } else if (closing.has(byte)) {
          depth -= 1;
          isFraming = depth < (eventDepth ?? 0);
          if (depth <= (eventDepth ?? 0)) return at + 1;
        }
      }
      return undefined;
    },
  };
}

/** Nothing is known: whatever the network gave at once is an event. */
export const pieceScanner = (): Scanner => ({ isFraming: false, endOf: (bytes) => bytes.length });

/** One event that ends with the body. */
export const wholeScanner = (): Scanner => ({ isFraming: false, endOf: () => undefined });
