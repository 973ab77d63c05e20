// Malformed gRPC calls from a client that speaks HTTP/2 well: what is wrong are the headers, the
// message frames, the protobuf in them, or when the client leaves.

import { type ClientHttp2Session, connect } from 'node:http2';
import { type Rng, sleep, systemClock } from '../../../injectors/determinism.ts';
import methods from '../../../mocks/vertex/methods.generated.json' with { type: 'json' };
import { damaged, randomBytes } from '../../fixtures/fuzz/mutate.ts';
import type { FuzzInput, Played } from '../../fixtures/fuzz/run.ts';
import { framed, geminiMessage } from '../../fixtures/grpc-call.ts';

interface Call {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** In pieces, each a DATA frame of its own. */
  readonly pieces?: readonly Buffer[];
  /** Ends its side, resets with a code, or waits until the server has had enough. */
  readonly leaves: 'end' | 'late end' | number;
}

export interface GrpcStorm {
  readonly calls: readonly Call[];
  /** The connection is dropped at once, without waiting for answers. */
  readonly isDropped?: boolean;
}

const paths = Object.keys(methods).map((name) => `/${name}`);
const streaming = '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent';
const good = framed(geminiMessage('[[leakbed chunks=3 gap=1ms]]'));
/** Calls in both directions end when their client does, so a whole one has to. */
const one = (call: Omit<Call, 'leaves'>): GrpcStorm => ({ calls: [{ leaves: 'end', ...call }] });

const badHeaders: readonly Readonly<Record<string, string | undefined>>[] = [
  { te: undefined },
  { 'content-type': 'application/grpc+json' },
  { 'content-type': 'application/grpc-web' },
  { 'content-type': 'application/json' },
  { 'content-type': 'text/html' },
  { 'grpc-timeout': 'soon' },
  { 'grpc-timeout': '999999999S' },
  { 'grpc-timeout': '0n' },
  { 'grpc-timeout': '-1m' },
  { 'grpc-encoding': 'zstd' },
  { 'grpc-encoding': 'gzip' },
  { 'grpc-encoding': '\u00ff' },
  { 'grpc-accept-encoding': ',,' },
  { 'x-leakbed': 'fault=nothing' },
  { 'x-thing-bin': '***' },
  { 'content-length': '3' },
];

function badFrame(rng: Rng): Buffer {
  const frame = Buffer.from(good);
  switch (rng.integer(0, 5)) {
    case 0:
      return frame.subarray(0, rng.integer(1, frame.length - 1));
    case 1:
      frame.writeUInt32BE(rng.pick([0, 1, 0xffff, 0x7fffffff, 0xffffffff]), 1);
      return frame;
    case 2:
      frame[0] = rng.integer(1, 255);
      return frame;
    case 3:
      return Buffer.concat([frame, frame, frame.subarray(0, rng.integer(1, 7))]);
    case 4:
      return randomBytes(rng, rng.integer(1, 64));
    default:
      return Buffer.alloc(rng.integer(1, 5));
  }
}

export const grpcKinds: Readonly<Record<string, (rng: Rng) => GrpcStorm>> = {
  'grpc-frames': (rng) => one({ path: rng.pick(paths), pieces: [badFrame(rng)] }),
  'grpc-protobuf': (rng) => {
    const message = geminiMessage('[[leakbed chunks=1]]');
    const bytes = rng.next() < 0.3 ? randomBytes(rng, 64) : damaged(rng, message);
    return one({ path: rng.pick(paths), pieces: [framed(bytes)] });
  },
  'grpc-headers': (rng) =>
    one({ path: rng.pick([streaming, ...paths]), headers: rng.pick(badHeaders), pieces: [good] }),
  'grpc-no-data': (rng) => ({
    calls: [{ path: rng.pick(paths), leaves: rng.pick(['end', rng.integer(0, 13)]) }],
  }),
  'grpc-paths': (rng) => {
    const path = rng.pick(paths);
    const odd = ['/', '//', '/a', `${path}/`, path.toLowerCase(), '/%ZZ/x', `${path}?x`];
    return one({ path: rng.pick(odd), pieces: [good] });
  },
  'grpc-compressed': (rng) => {
    const bytes = randomBytes(rng, rng.integer(0, 50));
    const gzip = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytes]);
    const frame = framed(rng.pick([gzip, bytes]));
    frame[0] = 1;
    const encoding = rng.pick(['gzip', 'deflate', 'identity', 'snappy']);
    return one({ path: rng.pick(paths), headers: { 'grpc-encoding': encoding }, pieces: [frame] });
  },
  'grpc-drips': (rng) => ({
    calls: [
      { path: rng.pick(paths), pieces: [...good].map((b) => Buffer.from([b])), leaves: 'late end' },
    ],
  }),
  'grpc-resets': (rng) => ({
    calls: Array.from({ length: rng.integer(1, 20) }, () => ({
      path: rng.pick(paths),
      pieces: [rng.pick([good, badFrame(rng)])],
      leaves: rng.pick<Call['leaves']>(['end', rng.integer(0, 13)]),
    })),
    isDropped: rng.next() < 0.5,
  }),
};

const limitMs = 10_000;

export function grpcInput(kind: string, { calls, isDropped = false }: GrpcStorm): FuzzInput {
  const shown = calls.slice(0, 3).map(({ pieces = [], ...call }) => ({
    ...call,
    body: Buffer.concat(pieces).toString('latin1'),
  }));
  return {
    kind,
    sent: JSON.stringify(shown),
    async play({ host, port }) {
      const session = connect(`http://${host}:${port}`);
      session.on('error', () => undefined);
      const cancelled = Promise.withResolvers<Played[]>();
      const cancel = systemClock.after(limitMs, () =>
        cancelled.resolve([{ ending: 'open', complaint: 'neither answered nor closed' }]),
      );
      const ended = Promise.all(calls.map((call) => play(session, call, isDropped)));
      if (isDropped) await sleep(2);
      else await Promise.race([ended, cancelled.promise]);
      session.destroy();
      const played = await Promise.race([ended, cancelled.promise]);
      cancel();
      const bad = played.find(({ complaint }) => complaint !== undefined);
      const [first = { ending: 'none', complaint: undefined }] = played;
      return bad ?? (isDropped || calls.length > 1 ? { ...first, ending: 'many' } : first);
    },
  };
}

function play(session: ClientHttp2Session, call: Call, isDropped: boolean): Promise<Played> {
  const { promise, resolve } = Promise.withResolvers<Played>();
  const stream = session.request({
    ':method': 'POST',
    ':path': call.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...call.headers,
  });
  const told: Record<string, unknown> = {};
  const hasLeft = isDropped || typeof call.leaves === 'number';
  stream.on('response', (headers) => Object.assign(told, headers));
  stream.on('trailers', (trailers) => Object.assign(told, trailers));
  stream.on('error', () => undefined);
  stream.resume();
  stream.on('close', () => resolve(judged(told, stream.rstCode, hasLeft)));
  for (const piece of call.pieces ?? []) stream.write(piece);
  if (typeof call.leaves === 'number') stream.close(call.leaves);
  else if (call.leaves === 'end') stream.end();
  else void sleep(1).then(() => stream.end());
  return promise;
}

/** A status that gRPC has, an error of HTTP, or a reset; silence only for who left first. */
function judged(
  told: Readonly<Record<string, unknown>>,
  rstCode: number,
  hasLeft: boolean,
): Played {
  const status = told['grpc-status'];
  const http = Number(told[':status'] ?? 0);
  const ending =
    status !== undefined ? `status ${status}` : http > 200 ? `HTTP ${http}` : `reset ${rstCode}`;
  if (hasLeft) return { ending, complaint: undefined };
  const message = String(told['grpc-message'] ?? '');
  if (message.includes('leakbed failed')) {
    return { ending, complaint: `an error of the fake itself: ${message}` };
  }
  const isKnown = /^(?:[0-9]|1[0-6])$/.test(String(status ?? 0));
  const isSilent = status === undefined && http <= 200 && rstCode === 0;
  if (isKnown && !isSilent) return { ending, complaint: undefined };
  return { ending, complaint: `an answer of no model: ${JSON.stringify(told)}` };
}
