// The event-stream codec against published bytes and, both ways, against the codec of the AWS SDK.

import { EventStreamCodec } from '@smithy/core/event-streams';
import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { encodeHeaders, encodeMessage, overheadBytes } from '../../../mocks/codec/eventstream.ts';

const oracle = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

const messageStart = {
  ':event-type': 'messageStart',
  ':content-type': 'application/json',
  ':message-type': 'event',
};

test('an empty message has the published bytes', async (t) => {
  const { bytes } = encodeMessage(Buffer.alloc(0), '');
  t.equal(bytes.toString('hex'), '000000100000000005c248eb7d98c8ff');
});

test('a messageStart has the bytes the service sends', async (t) => {
  const payload = '{"p":"abcd","role":"assistant"}';
  const { bytes } = encodeMessage(encodeHeaders(messageStart), payload);
  t.equal(
    bytes.toString('hex'),
    '00000081000000526cc176930b3a6576656e742d7479706507000c6d657373616765537461727' +
      '40d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479' +
      '70650700056576656e747b2270223a2261626364222c22726f6c65223a22617373697374616e74227df512a005',
  );
});

test('the AWS codec decodes 500 seeded messages to what was encoded', async (t) => {
  const rng = seededRng(2024);
  for (let round = 0; round < 500; round++) {
    const { headers, payload } = randomMessage(rng);
    const decoded = oracle.decode(encodeMessage(encodeHeaders(headers), payload).bytes);
    const values = Object.entries(decoded.headers).map(([name, { value }]) => [name, value]);
    t.same(Object.fromEntries(values), headers);
    t.equal(Buffer.from(decoded.body).toString(), payload);
  }
});

test('500 seeded messages are byte for byte what the AWS codec encodes', async (t) => {
  const rng = seededRng(2025);
  for (let round = 0; round < 500; round++) {
    const { headers, payload } = randomMessage(rng);
    const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }]);
    const expected = oracle.encode({
      headers: Object.fromEntries(typed),
      body: Buffer.from(payload),
    });
    const { bytes } = encodeMessage(encodeHeaders(headers), payload);
    t.equal(Buffer.compare(bytes, expected), 0, `round ${round}`);
  }
});

test('regions cover the message without gap or overlap', async (t) => {
  const headers = encodeHeaders(messageStart);
  const { bytes, regions } = encodeMessage(headers, '{"text":"grüße"}');
  const order = ['prelude', 'prelude-crc', 'headers', 'payload', 'message-crc'] as const;
  let end = 0;
  for (const name of order) {
    t.equal(regions[name][0], end, `${name} begins where the one before it ends`);
    end = regions[name][1];
  }
  t.equal(end, bytes.length);
  t.equal(bytes.subarray(...regions.payload).toString(), '{"text":"grüße"}');
  t.same(bytes.subarray(...regions.headers), headers);
  t.equal(bytes.length, overheadBytes + headers.length + Buffer.byteLength('{"text":"grüße"}'));
});

test('one flipped bit in any region is noticed by the AWS codec, an untouched one is not', async (t) => {
  const { bytes, regions } = encodeMessage(encodeHeaders(messageStart), '{"role":"assistant"}');
  t.doesNotThrow(() => oracle.decode(bytes));
  for (const [name, [start]] of Object.entries(regions)) {
    const damaged = Buffer.from(bytes);
    damaged[start + 3] = (damaged[start + 3] ?? 0) ^ 1;
    t.throws(() => oracle.decode(damaged), name);
  }
});

test('a header that does not fit its length field is refused', async (t) => {
  t.throws(() => encodeHeaders({ [`:${'n'.repeat(255)}`]: 'value' }), /Cannot encode header/);
  t.throws(() => encodeHeaders({ ':name': 'v'.repeat(32_768) }), /Cannot encode header/);
  t.doesNotThrow(() => encodeHeaders({ ':name': 'v'.repeat(32_767) }));
});

function randomMessage(rng: Rng): { headers: Record<string, string>; payload: string } {
  const letters = ['a', 'Z', '0', 'ß', '漢', '😀', '"', '\\', '\n', '{'];
  const text = (most: number) =>
    Array.from({ length: rng.integer(0, most) }, () => rng.pick(letters)).join('');
  const entries = Array.from({ length: rng.integer(0, 5) }, (_, index) => [
    `:h${index}${text(20)}`,
    text(300),
  ]);
  return { headers: Object.fromEntries(entries), payload: text(rng.pick([3, 50, 4000])) };
}
