// HTTP/2 frames that no well-behaved server sends, or not at that moment: written straight to the
// socket, behind the session's back. Source: RFC 9113 sections 4.1 and 6.8.

const types = { data: 0, goaway: 7 } as const;

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
