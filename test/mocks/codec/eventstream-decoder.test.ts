// The event-stream decoder against the vectors that AWS publishes with its SDKs (all header types,
// four corruptions), and against frames of the AWS codec, cut anywhere.

import { crc32 as crcOf } from 'node:zlib';
import { EventStreamCodec, type Message } from '@smithy/core/event-streams';
import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { encodeHeaders, encodeMessage } from '../../../mocks/codec/eventstream.ts';
import {
  createEventDecoder,
  EventStreamError,
  maxHeaderBytes,
  maxMessageBytes,
} from '../../../mocks/codec/eventstream-decoder.ts';

const oracle = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);
const json = Buffer.from("{'foo':'bar'}").toString('hex');
const contentType = `0c${Buffer.from('content-type').toString('hex')}0700106170706c69636174696f6e2f6a736f6e`;
const eventType = `0a${Buffer.from('event-type').toString('hex')}040000a00c`;
const named = (name: string) =>
  `${name.length.toString(16).padStart(2, '0')}${Buffer.from(name).toString('hex')}`;
const allHeaders = [
  eventType,
  contentType,
  `${named('bool false')}01`,
  `${named('bool true')}00`,
  `${named('byte')}02cf`,
  `${named('byte buf')}060014${Buffer.from("I'm a little teapot!").toString('hex')}`,
  `${named('timestamp')}080000000000845fed`,
  `${named('int16')}03002a`,
  `${named('int64')}05000000000287${'57b2'}`,
  `${named('uuid')}090102030405060708090a0b0c0d0e0f10`,
].join('');

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

const published: readonly Vector[] = [
  { name: 'empty_message', hex: '000000100000000005c248eb7d98c8ff', headers: {}, payload: '' },
  {
    name: 'int32_header',
    hex: `0000002d0000001041c424b8${eventType}${json}36f480a0`,
    headers: { 'event-type': 40_972 },
    payload: json,
  },
  {
    name: 'payload_no_headers',
    hex: `0000001d00000000fd528c5a${json}c3653936`,
    headers: {},
    payload: json,
  },
  {
    name: 'payload_one_str_header',
    hex: `0000003d0000002007fd8396${contentType}${json}8d9c08b1`,
    headers: { 'content-type': 'application/json' },
    payload: json,
  },
  {
    name: 'all_headers',
    hex: `000000cc000000af0fae64ca${allHeaders}${json}aba5f10c`,
    headers: {
      'event-type': 40_972,
      'content-type': 'application/json',
      'bool false': false,
      'bool true': true,
      byte: -49,
      'byte buf': Buffer.from("I'm a little teapot!"),
      timestamp: new Date(8_675_309),
      int16: 42,
      int64: 42_424_242n,
      uuid: Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex'),
    },
    payload: json,
  },
];

for (const { name, hex, headers, payload } of published) {
  test(`the published vector ${name} is read`, async (t) => {
    const [message, ...more] = [...createEventDecoder().push(Buffer.from(hex, 'hex'))];
    t.same(Object.fromEntries(message?.headers ?? []), headers);
    t.equal(message?.payload.toString('hex'), payload);
    t.same(more, []);
  });

  test(`the AWS codec reads ${name} alike, and writes its bytes`, async (t) => {
    const bytes = Buffer.from(hex, 'hex');
    const message = oracle.decode(bytes);
    t.equal(Buffer.from(message.body).toString('hex'), payload);
    t.same(Object.keys(message.headers), Object.keys(headers));
    t.equal(Buffer.from(oracle.encode(message)).toString('hex'), hex);
  });
}

const written = published.filter(({ headers }) =>
  Object.values(headers).every((value) => typeof value === 'string'),
);
test('the published vectors without other headers than text are written too', async (t) => {
  const names = written.map(({ name }) => name);
  t.same(names, ['empty_message', 'payload_no_headers', 'payload_one_str_header']);
  for (const { name, hex, headers, payload } of written) {
    const block = encodeHeaders(headers as Readonly<Record<string, string>>);
    const { bytes } = encodeMessage(block, Buffer.from(payload, 'hex').toString());
    t.equal(bytes.toString('hex'), hex, name);
  }
});

const corrupted: readonly (readonly [name: string, hex: string, reason: RegExp])[] = [
  [
    'corrupted_headers',
    `0000003d0000002007fd8396${contentType}7b61${json.slice(4)}8d9c08b1`,
    /^The message checksum/,
  ],
  [
    'corrupted_header_len',
    `0000003d0000002107fd8396${contentType}${json}8d9c08b1`,
    /^The prelude checksum/,
  ],
  [
    'corrupted_length',
    `0000003e0000002007fd8396${contentType}${json}8d9c08b1`,
    /^The prelude checksum/,
  ],
  [
    'corrupted_payload',
    `0000001d00000000fd528c5a5b${json.slice(2)}c3653936`,
    /^The message checksum/,
  ],
];

for (const [name, hex, message] of corrupted) {
  test(`the published vector ${name} is refused`, async (t) => {
    const decoder = createEventDecoder();
    t.throws(() => [...decoder.push(Buffer.from(hex, 'hex'))], {
      name: 'EventStreamError',
      message,
    });
    t.throws(() => oracle.decode(Buffer.from(hex, 'hex')), 'by the AWS codec too');
  });
}

test('500 seeded messages of the AWS codec are read wherever the bytes are cut', async (t) => {
  const rng = seededRng(31);
  for (let round = 0; round < 500; round++) {
    const messages = Array.from({ length: rng.integer(1, 4) }, () => randomMessage(rng));
    const bytes = Buffer.concat(messages.map((message) => oracle.encode(message)));
    const decoder = createEventDecoder();
    const read = pieces(bytes, rng).flatMap((piece) => [...decoder.push(piece)]);
    decoder.end();
    t.equal(read.length, messages.length);
    for (const [index, { headers, body }] of messages.entries()) {
      const values = Object.entries(headers).map(([name, { value }]) => [name, plain(value)]);
      t.same(Object.fromEntries(read[index]?.headers ?? []), Object.fromEntries(values));
      t.ok(read[index]?.payload.equals(body));
    }
  }
});

test('one flipped bit anywhere is noticed', async (t) => {
  const bytes = Buffer.from(published.at(-1)?.hex ?? '', 'hex');
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const decoder = createEventDecoder();
    const read = () => {
      decoder.push(damaged).toArray();
      decoder.end();
    };
    if (!throws(read)) t.fail(`bit ${bit} was not noticed`);
  }
  t.doesNotThrow(() => createEventDecoder().push(bytes).toArray());
});

test('a stream that stops inside a message is truncated, one that stops between is whole', async (t) => {
  const bytes = Buffer.from(published[1]?.hex ?? '', 'hex');
  for (const length of [1, 11, 12, bytes.length - 1]) {
    const decoder = createEventDecoder();
    t.same(decoder.push(bytes.subarray(0, length)).toArray(), []);
    t.throws(() => decoder.end(), { message: 'Truncated event message received.' });
  }
  const decoder = createEventDecoder();
  decoder.push(bytes).toArray();
  t.doesNotThrow(() => decoder.end());
});

test('lengths beyond the limits are refused before anything is kept', async (t) => {
  const prelude = (total: number, headers: number) => {
    const message = Buffer.from(oracle.encode({ headers: {}, body: Buffer.alloc(0) }));
    message.writeUInt32BE(total, 0);
    message.writeUInt32BE(headers, 4);
    message.writeUInt32BE(crcOf(message.subarray(0, 8)), 8);
    return message.subarray(0, 12);
  };
  const push = (total: number, headers: number) => () =>
    createEventDecoder().push(prelude(total, headers)).toArray();
  t.throws(push(maxMessageBytes + 1, 0), { message: 'The message is too long.' });
  t.throws(push(maxHeaderBytes + 17, maxHeaderBytes + 1), { message: 'The headers are too long.' });
  t.throws(push(15, 0), { message: 'The message is shorter than its own headers.' });
  t.throws(push(0, 0), { message: 'The message is shorter than its own headers.' });
  t.doesNotThrow(push(maxMessageBytes, 0));
});

function randomMessage(rng: Rng): Message {
  const bytes = (most: number) =>
    Buffer.from(Array.from({ length: rng.integer(0, most) }, () => rng.integer(0, 255)));
  const values: readonly (() => Message['headers'][string])[] = [
    () => ({ type: 'boolean', value: rng.next() < 0.5 }),
    () => ({ type: 'byte', value: rng.integer(-128, 127) }),
    () => ({ type: 'short', value: rng.integer(-32_768, 32_767) }),
    () => ({ type: 'integer', value: rng.integer(-2_147_483_648, 2_147_483_647) }),
    () => ({ type: 'binary', value: bytes(60) }),
    () => ({ type: 'string', value: `ß漢😀${rng.integer(0, 9)}` }),
    () => ({ type: 'timestamp', value: new Date(rng.integer(0, 2_000_000_000_000)) }),
  ];
  const headers = Array.from({ length: rng.integer(0, 6) }, (_, index) => [
    `:h${index}`,
    rng.pick(values)(),
  ]);
  return { headers: Object.fromEntries(headers), body: bytes(rng.pick([0, 5, 900])) };
}

function pieces(bytes: Buffer, rng: Rng): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + rng.integer(1, rng.pick([1, 7, 300]));
    found.push(bytes.subarray(at, end));
    at = end;
  }
  return found;
}

/** The AWS codec gives bytes as Uint8Array, ours as Buffer. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

function throws(action: () => void): boolean {
  try {
    action();
    return false;
  } catch (error) {
    return error instanceof EventStreamError;
  }
}
