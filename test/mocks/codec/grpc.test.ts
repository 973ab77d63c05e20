// gRPC framing, both ways, and what malformed framing is answered with.

import { deflateSync, gzipSync } from 'node:zlib';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { grpcFrame, grpcPrefixBytes, grpcUnframer } from '../../../mocks/codec/grpc.ts';
import { ProviderError } from '../../../mocks/provider.ts';

const framed = (payload: string | Buffer): Buffer =>
  Buffer.from(
    grpcFrame('delta', Buffer.concat([Buffer.alloc(grpcPrefixBytes), Buffer.from(payload)])).bytes,
  );

function refusal(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof ProviderError) return error.code;
    throw error;
  }
  return undefined;
}

test('a frame has flag 0, a big-endian length and the message', async (t) => {
  t.equal(framed('abc').toString('hex'), '0000000003616263');
});

test('the regions of a frame name flag, length and payload', async (t) => {
  const { regions } = grpcFrame('delta', Buffer.alloc(9));
  t.same(regions, { flag: [0, 1], length: [1, 5], payload: [5, 9] });
});

test('messages come out whole however the network cut them', async (t) => {
  const rng = seededRng(5);
  for (let round = 0; round < 200; round++) {
    const messages = Array.from({ length: rng.integer(1, 4) }, (_, index) =>
      Buffer.alloc(rng.integer(0, 40), index + 1),
    );
    const wire = Buffer.concat(messages.map(framed));
    const unframer = grpcUnframer(64);
    const found: Buffer[] = [];
    for (let at = 0; at < wire.length; ) {
      const size = rng.integer(1, 12);
      // A copy that is wiped afterwards: a message must not depend on its chunk's fate.
      found.push(...unframer.push(Buffer.from(wire.subarray(at, at + size))));
      at += size;
    }
    unframer.end();
    t.same(found, messages, `round ${round}`);
  }
});

test('a message sent byte by byte takes time linear in its size', async (t) => {
  const wire = framed(Buffer.alloc(1_000_000, 7));
  const unframer = grpcUnframer(2_000_000);
  let found: readonly Buffer[] = [];
  for (const byte of wire) found = unframer.push(Buffer.from([byte]));
  t.equal(found[0]?.length, 1_000_000);
});

test('a message above the bound is refused as soon as its length is known', async (t) => {
  const prefix = framed(Buffer.alloc(101)).subarray(0, 5);
  t.equal(
    refusal(() => grpcUnframer(100).push(prefix)),
    'RESOURCE_EXHAUSTED',
  );
  t.same(grpcUnframer(101).push(prefix), [], 'one of exactly the bound is waited for');
});

const flagged = (message: Uint8Array, flag = 1) => {
  const wire = framed(Buffer.from(message));
  wire[0] = flag;
  return wire;
};

test('messages are decompressed as their call says, and plain ones between them are not', async (t) => {
  const text = Buffer.from('abc'.repeat(10));
  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const) {
    const wire = Buffer.concat([flagged(compress(text)), framed(text), flagged(compress(text))]);
    t.same(grpcUnframer(100, encoding).push(wire), [text, text, text], encoding);
  }
});

for (const [what, wire, encoding, status] of [
  ['an unknown encoding', flagged(Buffer.alloc(3)), 'snappy', 'UNIMPLEMENTED'],
  ['a flag without an encoding', flagged(Buffer.alloc(3)), 'identity', 'INTERNAL'],
  ['a flag that means nothing', flagged(Buffer.alloc(3), 2), 'gzip', 'INTERNAL'],
  ['what is no gzip', flagged(Buffer.alloc(3)), 'gzip', 'INTERNAL'],
  [
    'a message that is small only compressed',
    flagged(gzipSync(Buffer.alloc(1001))),
    'gzip',
    'RESOURCE_EXHAUSTED',
  ],
] as const) {
  test(`${what} is refused with ${status}`, async (t) => {
    t.equal(
      refusal(() => grpcUnframer(1000, encoding).push(wire)),
      status,
    );
  });
}

test('a request that ends inside a message is refused, one between messages is not', async (t) => {
  for (const kept of [1, 4, 5, 7]) {
    const unframer = grpcUnframer(100);
    unframer.push(framed('abc').subarray(0, kept));
    t.equal(
      refusal(() => unframer.end()),
      'INTERNAL',
      `${kept} bytes`,
    );
  }
  const unframer = grpcUnframer(100);
  unframer.push(framed('abc'));
  t.equal(
    refusal(() => unframer.end()),
    undefined,
  );
});
