// An HTTP/2 client in bytes: one request with windows that never close, and where its answer ends.
// A library would read frame by frame, and cost more than the server that is measured.
// Source: RFC 9113 sections 3.4, 4.1, 6.5 and 6.9; RFC 7541 sections 5 and 6.2.2.

import type { Http2Call } from '../../fixtures/raw-clients.ts';

const types = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7, windowUpdate: 8 } as const;
const endOfStream = 1;
const endOfHeaders = 4;
const headerBytes = 9;
const initialWindowSize = 4;
const largestWindow = 2 ** 31 - 1;
/** The connection's window begins with this. */
const firstWindow = 65_535;

/** Preface, settings, the window of the connection, and a request on stream 1. */
export function http2Ask({ path, body, headers }: Http2Call): Buffer {
  const settings = Buffer.alloc(6);
  settings.writeUInt16BE(initialWindowSize, 0);
  settings.writeUInt32BE(largestWindow, 2);
  const window = Buffer.alloc(4);
  window.writeUInt32BE(largestWindow - firstWindow);
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(types.settings, 0, 0, settings),
    frame(types.windowUpdate, 0, 0, window),
    http2Request(1, { path, body, ...(headers && { headers }) }),
  ]);
}

/** A further request; streams of a client have odd numbers. */
export function http2Request(stream: number, { path, body, headers }: Http2Call): Buffer {
  const fields = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': '127.0.0.1',
    'content-type': 'application/json',
    ...headers,
  };
  const block = Buffer.concat(Object.entries(fields).map(([name, value]) => field(name, value)));
  return Buffer.concat([
    frame(types.headers, endOfHeaders, stream, block),
    frame(types.data, endOfStream, stream, Buffer.from(body)),
  ]);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal that no table remembers; names and values longer than 126 bytes take a second byte. */
function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const rest = bytes.length - 127;
  if (rest > 0x3fff) throw new RangeError(`Cannot write a header of ${bytes.length} bytes.`);
  const length = rest < 128 ? [127, rest] : [127, (rest & 127) | 128, rest >> 7];
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** Follows frame after frame; true once `answerCount` streams have ended. */
export function http2End(answerCount = 1): (bytes: Buffer) => boolean {
  let ended = 0;
  const { take, isBetween } = http2Frames((frame) => {
    if (frame.isEnd) ended += 1;
  });
  return (bytes) => {
    take(bytes);
    return ended >= answerCount && isBetween();
  };
}

export interface SeenFrame {
  readonly stream: number;
  readonly isData: boolean;
  readonly isEnd: boolean;
}

/** Tells of each frame as its head comes; a reset throws. */
export function http2Frames(onFrame: (frame: SeenFrame) => void): {
  take(bytes: Buffer): void;
  isBetween(): boolean;
} {
  const head = Buffer.alloc(headerBytes);
  let headHeld = 0;
  let payloadLeft = 0;
  const tell = () => {
    const type = head[3];
    const flags = head[4] ?? 0;
    if (type === types.reset || type === types.goaway) throw new Error('The answer was reset.');
    const isData = type === types.data;
    const isEnd = (isData || type === types.headers) && (flags & endOfStream) !== 0;
    payloadLeft = head.readUIntBE(0, 3);
    headHeld = 0;
    onFrame({ stream: head.readUInt32BE(5), isData, isEnd });
  };
  return {
    take(bytes) {
      let at = 0;
      while (at < bytes.length) {
        const skipped = Math.min(payloadLeft, bytes.length - at);
        payloadLeft -= skipped;
        at += skipped;
        const copied = bytes.copy(head, headHeld, at, at + headerBytes - headHeld);
        headHeld += copied;
        at += copied;
        if (headHeld === headerBytes) tell();
      }
    },
    isBetween: () => payloadLeft === 0,
  };
}
