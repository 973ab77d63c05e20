// HTTP/2 frames that no well-behaved server sends, or not at that moment: written straight to the
// socket, behind the session's back. Source: RFC 9113 sections 4.1, 6.8 and 6.9; RFC 7541, 6.1.

const types = { data: 0, headers: 1, goaway: 7, windowUpdate: 8 } as const;
const endOfStream = 1;
const endOfHeaders = 4;

function header(length: number, type: number, stream: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUIntBE(length, 0, 3);
  bytes[3] = type;
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

export function goawayFrame(code: number, lastStream: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(lastStream, 0);
  payload.writeUInt32BE(code, 4);
  return Buffer.concat([header(payload.length, types.goaway, 0), payload]);
}

/** DATA of 2^24 - 1 bytes, a thousand times what a client allows unless it said so. */
export function oversizedFrame(stream: number): Buffer {
  return header(2 ** 24 - 1, types.data, stream);
}

export function emptyDataFrame(stream: number): Buffer {
  return header(0, types.data, stream);
}

/** What takes a client's reading of the connection apart. */
export function brokenFrame(
  kind: 'half' | 'hpack' | 'window' | 'http1-text',
  stream: number,
): Buffer {
  switch (kind) {
    case 'half':
      // Too short for the length that any message begins with, so that nobody reads it as one.
      return Buffer.concat([header(4, types.data, stream), Buffer.alloc(2)]);
    case 'hpack': {
      const frame = Buffer.concat([header(1, types.headers, stream), Buffer.from([0x80])]);
      // The headers are whole, and with them the answer: only their bytes are wrong.
      frame[4] = endOfStream | endOfHeaders;
      return frame;
    }
    case 'window': {
      const most = Buffer.alloc(4);
      most.writeUInt32BE(2 ** 31 - 1);
      // The window is never empty, so one such addition is already too much.
      return Buffer.concat([header(4, types.windowUpdate, 0), most]);
    }
    case 'http1-text':
      return Buffer.from('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
    default:
      return kind satisfies never;
  }
}
