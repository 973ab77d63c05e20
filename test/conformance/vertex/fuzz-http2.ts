// Floods of HTTP/2 frames, as bytes from the preface on: each frame is allowed, so many are not
// (CVE-2019-9511 to 9518, CVE-2023-44487 "rapid reset", CVE-2024-27316 "CONTINUATION flood").

import type { Rng } from '../../../injectors/determinism.ts';
import type { RawKinds } from '../../fixtures/fuzz/http.ts';
import { randomBytes } from '../../fixtures/fuzz/mutate.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const types = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const;
const endStream = 1;
const endHeaders = 4;

function frame(
  type: keyof typeof types,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = types[type];
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A literal header field that is not indexed (RFC 7541 section 6.2.2), without Huffman coding. */
function field(name: string, value: string): Buffer {
  const text = (part: string) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]);
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

const callHeaders = Buffer.concat([
  field(':method', 'POST'),
  field(':scheme', 'http'),
  field(':path', '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent'),
  field(':authority', 'x'),
  field('content-type', 'application/grpc'),
  field('te', 'trailers'),
]);

const word = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Frames of one kind, over and over, for the streams of a client: 1, 3, 5, … */
function flood(rng: Rng, count: number, one: (stream: number) => Buffer) {
  const frames = Array.from({ length: count }, (_, index) => one(2 * index + 1));
  const bytes = Buffer.concat([preface, frame('settings', 0, 0), ...frames]);
  const cut = rng.next() < 0.2 ? bytes.subarray(0, rng.integer(24, bytes.length)) : bytes;
  return { bytes: cut, isWhole: false };
}

export const http2Floods: RawKinds = {
  'settings-flood': (rng) => flood(rng, rng.integer(10, 1500), () => frame('settings', 0, 0)),
  'ping-flood': (rng) =>
    flood(rng, rng.integer(10, 1500), () => frame('ping', 0, 0, randomBytes(rng, 8))),
  'rapid-reset': (rng) =>
    flood(rng, rng.integer(2, 60), (stream) =>
      Buffer.concat([
        frame('headers', endHeaders | rng.pick([0, endStream]), stream, callHeaders),
        frame('reset', 0, stream, word(rng.integer(0, 13))),
      ]),
    ),
  'empty-data': (rng) =>
    flood(rng, rng.integer(10, 500), (stream) =>
      stream === 1 ? frame('headers', endHeaders, 1, callHeaders) : frame('data', 0, 1),
    ),
  'window-updates': (rng) =>
    flood(rng, rng.integer(2, 60), (stream) =>
      stream === 1
        ? frame('headers', endHeaders, 1, callHeaders)
        : frame('windowUpdate', 0, rng.pick([0, 1]), word(rng.pick([0, 1, 0x7fffffff]))),
    ),
  'endless-headers': (rng) =>
    flood(rng, rng.integer(2, 100), (stream) =>
      stream === 1
        ? frame('headers', 0, 1, callHeaders)
        : frame('continuation', 0, 1, field(`x-${stream}`, 'x'.repeat(rng.integer(0, 120)))),
    ),
};
