// Faults of the response that change or replace the body.

import { gunzipSync } from 'node:zlib';
import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

test('a slow body comes in drips of the size asked for, and every event still counts', async (t) => {
  const { frames, text, eventCount, ending } = play(['slow-body;drip=3B;gap=10ms']);
  t.equal(text, play([]).text);
  t.equal(eventCount, 10);
  t.same(
    frames.slice(0, 4).map(({ bytes, dueMs }) => [bytes.length, dueMs]),
    [
      [3, 0],
      [1, 10],
      [3, 20],
      [1, 30],
    ],
  );
  t.same(ending, { kind: 'complete' });
});

test('a body that is slower by itself is not slowed', async (t) => {
  const { dueMs } = play(['slow-body;drip=1KiB;gap=10ms'], { gapMs: 50 });
  t.same(dueMs, play([], { gapMs: 50 }).dueMs);
});

test('a huge body has exactly the text asked for, and all that there was', async (t) => {
  const plain = play([]).text;
  const { text, frames, ending } = play(['huge-body;size=200KiB']);
  t.equal(text.length, plain.length + 200 * 1024);
  t.ok(frames.every(({ bytes }) => bytes.length <= 64 * 1024));
  t.ok(text.startsWith('0000') && text.endsWith('99999'.slice(1)));
  t.same(ending, { kind: 'complete' });
});

test('an empty body is complete', async (t) => {
  const { frames, ending, notes } = play(['empty-body']);
  t.same([frames, ending, notes], [[], { kind: 'complete' }, ['empty-body: empty body']]);
});

test('HTML and nothing else is the body', async (t) => {
  const { text, ending } = play(['html-error;code=502']);
  t.match(text, /^<html>.*502 from the load balancer.*<\/html>\r\n$/s);
  t.same(ending, { kind: 'complete' });
});

for (const size of ['0B', '1B', '1MiB', '2500KiB']) {
  test(`a bomb of ${size} inflates to that`, async (t) => {
    const { frames } = play([`gzip-bomb;size=${size}`]);
    const sent = Buffer.concat(frames.map(({ bytes }) => bytes));
    const bytes =
      size === '1MiB' ? 1_048_576 : Number.parseInt(size, 10) * (size === '1B' ? 1 : 1024);
    const inflated = gunzipSync(sent);
    t.equal(inflated.length, bytes);
    t.ok(inflated.every((byte) => byte === 10));
    t.ok(sent.length < 64 + bytes / 500);
  });
}

test('over gRPC a bomb is one compressed message of the length it declares', async (t) => {
  const { frames } = play(['gzip-bomb;size=2500KiB'], { transport: 'grpc', framing: 'grpc' });
  const sent = Buffer.concat(frames.map(({ bytes }) => bytes));
  t.same([sent[0], sent.readUInt32BE(1)], [1, sent.length - 5]);
  t.equal(gunzipSync(sent.subarray(5)).length, 2500 * 1024);
});

test('the blocks of a bomb are one and the same, so none of it is held', async (t) => {
  const { frames } = play(['gzip-bomb;size=64MiB']);
  const blocks = new Set(frames.slice(1, 65).map(({ bytes }) => bytes));
  t.equal(blocks.size, 1);
});
