// Foreign bytes to frames: what our own codecs write comes back event by event, with the same bytes
// and regions, wherever the network has cut it.

import { test } from 'tap';
import type { Framing } from '../../../injectors/stream.ts';
import { encodeHeaders, encodeMessage } from '../../../mocks/codec/eventstream.ts';
import { grpcFrame, grpcPrefixBytes } from '../../../mocks/codec/grpc.ts';
import { jsonArrayWriter } from '../../../mocks/codec/json-array.ts';
import { sseFrame } from '../../../mocks/codec/sse.ts';
import type { EncodedFrame } from '../../../mocks/provider.ts';
import { createDeframer, heldLimitBytes } from '../../../mocks/upstream/deframer.ts';

const payloads = ['{"a":1}', '{"b":"}]\\"\\n"}', '{"c":[{"d":[]}]}', `{"e":"${'x'.repeat(5000)}"}`];
const array = jsonArrayWriter();
const headers = encodeHeaders({ ':event-type': 'chunk', ':message-type': 'event' });

const written: Readonly<Record<string, readonly EncodedFrame[]>> = {
  'event-stream': payloads.map((json) => ({ ...encodeMessage(headers, json), label: 'delta' })),
  sse: payloads.map((json) => sseFrame('delta', json, '\r\n')),
  'json-array': [...payloads.map((json) => array.element('delta', json)), ...array.close()],
  grpc: payloads.map((json) => {
    const room = Buffer.alloc(grpcPrefixBytes);
    return grpcFrame('delta', Buffer.concat([room, Buffer.from(json)]));
  }),
};

for (const [framing, frames] of Object.entries(written)) {
  for (const cut of [1, 7, 1000, 1_000_000]) {
    test(`${framing} in pieces of ${cut} bytes comes back as it was written`, async (t) => {
      const found = deframed(framing as Framing, frames, cut);
      t.same(
        found.map(({ label, regions = {} }) => ({ label, regions })),
        frames.map(({ label, regions = {} }) => ({ label, regions })),
      );
      t.ok(
        found.every(
          ({ bytes }, index) => Buffer.compare(bytes, frames[index]?.bytes ?? bytes) === 0,
        ),
      );
    });
  }
}

test('a sealed message has its checksums right again', async (t) => {
  const [frame] = deframed('event-stream', written['event-stream'] ?? [], 1_000_000);
  const [start = 0] = frame?.regions?.payload ?? [];
  const bytes = Buffer.from(frame?.bytes ?? []);
  const before = Buffer.from(bytes);
  bytes[start] = 0x20;
  frame?.seal?.(bytes);
  t.not(bytes.readUInt32BE(bytes.length - 4), before.readUInt32BE(before.length - 4));
});

test('SSE is split on either line ending, and a comment is an event of its own', async (t) => {
  const deframer = createDeframer('sse', false);
  const bytes = Buffer.from(': ping\n\ndata: 1\r\n\r\nevent: x\ndata: 2\n\nda');
  const found = [...deframer.push(bytes)].map((frame) => frame.bytes.toString());
  t.same(found, [': ping\n\n', 'data: 1\r\n\r\n', 'event: x\ndata: 2\n\n']);
  t.same(
    deframer.end().map(({ bytes: rest, label }) => [rest.toString(), label]),
    [['da', 'framing']],
  );
});

test('a JSON object is one event, however deep', async (t) => {
  const deframer = createDeframer('json-array', false);
  const found = [...deframer.push(Buffer.from('{"a":{"b":[{}]},"c":"[{"}'))];
  t.equal(found.length, 1);
});

test('an event that is larger than may be held comes in parts, and the next one whole', async (t) => {
  const deframer = createDeframer('grpc', false);
  const prefix = Buffer.from([0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(3 * heldLimitBytes, 1);
  const piece = Buffer.alloc(1024 ** 2);
  const found = [...deframer.push(prefix)];
  for (let sent = 0; sent < 3 * heldLimitBytes; sent += piece.length) {
    found.push(...deframer.push(piece));
  }
  found.push(...deframer.push(Buffer.from([0, 0, 0, 0, 1, 9])));
  const events = found.filter(({ label }) => label === 'delta');
  t.equal(events.length, 2, 'the end of the large one, and the next');
  t.ok(found.every(({ bytes }) => bytes.length <= heldLimitBytes));
  t.equal(found.at(-1)?.bytes.length, 6);
});

test('bytes of no known framing are events as they come', async (t) => {
  const found = [...createDeframer('body', false).push(Buffer.from('abc'))];
  t.same(
    found.map(({ bytes, label }) => [bytes.toString(), label]),
    [['abc', 'delta']],
  );
});

function deframed(
  framing: Framing,
  frames: readonly EncodedFrame[],
  cut: number,
): readonly EncodedFrame[] {
  const deframer = createDeframer(framing, false);
  const all = Buffer.concat(frames.map(({ bytes }) => bytes));
  const found: EncodedFrame[] = [];
  for (let at = 0; at < all.length; at += cut) {
    // The network's buffers are used again, so a frame must not lie in one that was handed back.
    found.push(...deframer.push(Buffer.from(all.subarray(at, at + cut))));
  }
  return [...found, ...deframer.end()];
}
