// Malformed Live sessions: an upgrade, good or bad, and what should be WebSocket frames of Live
// messages after it.

import type { Rng } from '../../../injectors/determinism.ts';
import { opcodes } from '../../../mocks/codec/websocket.ts';
import type { Judge, RawInput } from '../../fixtures/fuzz/bytes.ts';
import type { RawKinds } from '../../fixtures/fuzz/http.ts';
import { damaged, oddValues, randomBytes } from '../../fixtures/fuzz/mutate.ts';
import {
  clientFrame,
  framesIn,
  livePath,
  setupMessage,
  userTurn,
} from '../../fixtures/live-wire.ts';

const { text, binary, close, ping, pong } = opcodes;

/** Turns are short, because what is tested is not how they are told. */
function upgrade(path = livePath, lines: readonly string[] = ['X-Leakbed: chunks=2']): Buffer {
  const head = [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...lines,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

const setup = clientFrame(text, JSON.stringify(setupMessage()));

/** A session that begins as it should, most of the time, and goes on with these. */
function session(rng: Rng, frames: readonly Buffer[]): RawInput {
  const start = rng.next() < 0.8 ? [setup] : [];
  const bytes = Buffer.concat([upgrade(), ...start, ...frames]);
  return { bytes, isWhole: false, isSlow: rng.next() < 0.02 };
}

const some = (rng: Rng, make: () => Buffer) =>
  Array.from({ length: rng.integer(1, 4) }, () => make());

const parts = ['setup', 'clientContent', 'realtimeInput', 'toolResponse', 'turns', 'parts'];

function message(rng: Rng, depth = 0): unknown {
  if (depth > 3) return rng.pick(oddValues);
  switch (rng.integer(0, 4)) {
    case 0:
      return setupMessage({
        [rng.pick(parts)]: message(rng, depth + 1),
        [rng.pick(['model', 'generationConfig', 'tools', 'x'])]: rng.pick(oddValues),
      });
    case 1:
      return userTurn(rng.pick(['[[leakbed', '[[leakbed x]]', '[[leakbed chunks=3 gap=1ms]]']));
    case 2:
      return [message(rng, depth + 1)];
    default:
      return { [rng.pick(parts)]: message(rng, depth + 1) };
  }
}

const goodFrame = (rng: Rng) => clientFrame(rng.pick([text, binary]), JSON.stringify(message(rng)));

/** The length field says anything up to 2^63 bytes, and some of them come. */
function hugeFrame(rng: Rng): Buffer {
  const header = Buffer.from([0x80 | text, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
  header.writeBigUInt64BE(rng.pick([2n ** 20n, 2n ** 27n, 2n ** 32n, 2n ** 53n, 2n ** 63n]), 2);
  return Buffer.concat([header, Buffer.alloc(rng.pick([0, 10, 70_000]), 0x20)]);
}

/** The first frame without FIN, then continuations that never end, or none where one must be. */
function fragments(rng: Rng): Buffer {
  const first = clientFrame(text, '{"setup":');
  first[0] = text;
  const pieces = some(rng, () => {
    const piece = clientFrame(rng.pick([0, 0, text, ping]), 'x'.repeat(rng.integer(0, 200)));
    piece[0] = (piece[0] ?? 0) & (rng.next() < 0.7 ? 0x7f : 0xff);
    return piece;
  });
  return Buffer.concat(rng.next() < 0.8 ? [first, ...pieces] : pieces);
}

function closeFrame(rng: Rng): Buffer {
  const code = Buffer.alloc(2);
  code.writeUInt16BE(rng.pick([0, 999, 1000, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65_535]));
  const payload = Buffer.concat([code, randomBytes(rng, rng.integer(0, 130))]);
  return clientFrame(close, payload.subarray(0, rng.pick([0, 1, 2, payload.length])));
}

const brokenLines = [
  'Sec-WebSocket-Version: 99',
  'Sec-WebSocket-Key: short',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99',
  'Sec-WebSocket-Extensions: ;;;,',
  'Sec-WebSocket-Protocol: ,',
  'X-Leakbed: no-such-word=1',
  'X-Leakbed: fault=error;name=quota',
  'X-Leakbed: fault=nothing',
  'Transfer-Encoding: chunked',
];

export const liveKinds: RawKinds = {
  'live-messages': (rng) =>
    session(
      rng,
      some(rng, () => goodFrame(rng)),
    ),
  'live-json': (rng) =>
    session(
      rng,
      some(rng, () => {
        const json = Buffer.from(JSON.stringify(message(rng)));
        const nested = '{"setup":'.repeat(rng.integer(1, 2000));
        return clientFrame(text, rng.pick([damaged(rng, json), json.subarray(1), nested]));
      }),
    ),
  /** Headers, masks and lengths. */
  'live-frames': (rng) =>
    session(
      rng,
      some(rng, () => {
        const frame = goodFrame(rng);
        frame[rng.integer(0, Math.min(frame.length - 1, 12))] = rng.integer(0, 255);
        return rng.next() < 0.3 ? frame.subarray(0, rng.integer(1, frame.length)) : frame;
      }),
    ),
  'live-unmasked': (rng) =>
    session(rng, [Buffer.concat([Buffer.from([0x81, 2]), Buffer.from('{}')])]),
  'live-opcodes': (rng) =>
    session(
      rng,
      some(rng, () => clientFrame(rng.integer(0, 15), Buffer.alloc(rng.integer(0, 200), 0xff))),
    ),
  'live-huge': (rng) => session(rng, [hugeFrame(rng)]),
  'live-fragments': (rng) => session(rng, [fragments(rng)]),
  'live-pings': (rng) => {
    const frame = clientFrame(rng.pick([ping, pong]), randomBytes(rng, rng.pick([0, 125, 126])));
    return session(rng, Array<Buffer>(rng.integer(1, 100)).fill(frame));
  },
  'live-close': (rng) =>
    session(
      rng,
      some(rng, () => closeFrame(rng)),
    ),
  'live-garbage': (rng) => session(rng, [randomBytes(rng, rng.integer(1, 200))]),
  /** Broken, or cut anywhere: a client that never finishes its head. */
  'live-upgrade': (rng) => {
    const head = upgrade(rng.pick([livePath, `/${livePath}`, `${livePath}x`, '/ws/']), [
      rng.pick(brokenLines),
    ]);
    const bytes = rng.next() < 0.5 ? head : damaged(rng, head);
    return { bytes: bytes.subarray(0, rng.integer(1, bytes.length)), isWhole: false };
  },
};

/** What a client can do wrong (RFC 6455 section 7.4), and what the service says. */
const closeCodes = [1000, 1002, 1003, 1007, 1008, 1009, 1011];
/** A client's own codes, which its close frame gets back. */
const isPrivate = (code: number) => code >= 3000 && code <= 4999;

/** Every frame of the server must be whole and known; its close frame says why, in a known code. */
export const liveJudge: Judge = (answer) => {
  const headEnd = answer.indexOf('\r\n\r\n') + 4;
  const status = /^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1', 0, 20))?.[1];
  if (status !== '101') return { ending: status ?? 'closed', complaint: undefined };
  const { frames, rest } = framesIn(answer.subarray(headEnd));
  const last = frames.at(-1);
  const code =
    last?.opcode === close && last.payload.length >= 2 ? last.payload.readUInt16BE() : undefined;
  const unknown = frames.find(({ opcode }) => !Object.values<number>(opcodes).includes(opcode));
  const complaint =
    unknown !== undefined
      ? `a frame with opcode ${unknown.opcode}`
      : code !== undefined && !closeCodes.includes(code) && !isPrivate(code)
        ? `closed with ${code} ${last?.payload.subarray(2)}`
        : undefined;
  const wasCut = rest.length > 0 ? ', cut' : '';
  return { ending: code === undefined ? `101${wasCut}` : `101, ${code}`, complaint };
};
