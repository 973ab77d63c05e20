// gzip frame by frame: one valid stream, whole events at every flush point, sums that fit what was
// sent, and who is given it.

import { constants, gunzipSync } from 'node:zlib';
import { test } from 'tap';
import { acceptsGzip, gzipCodec } from '../../../mocks/codec/gzip.ts';
import type { Codec, EncodedFrame } from '../../../mocks/provider.ts';

/** Three frames per event, so that a cut can fall between frames of one event. */
const inner = (): Codec => ({
  encode: (event) =>
    event.kind === 'text'
      ? ['a', 'b', 'c'].map((part) => frame(`${part}:${event.text};`, 'delta'))
      : [],
  finish: () => [frame('end', 'framing')],
  exception: (name) => [frame(`error ${name}`, 'exception')],
});
const frame = (text: string, label: EncodedFrame['label']) => ({ bytes: Buffer.from(text), label });
const join = (frames: readonly EncodedFrame[]) => Buffer.concat(frames.map(({ bytes }) => bytes));
const texts = (codec: Codec, count: number) =>
  Array.from({ length: count }, (_, index) =>
    codec.encode({ kind: 'text', text: `${index}` }),
  ).flat();

test('all frames are one gzip file', async (t) => {
  const codec = gzipCodec(inner());
  const frames = [...texts(codec, 3), ...codec.finish()];
  const whole = 'a:0;b:0;c:0;a:1;b:1;c:1;a:2;b:2;c:2;end';
  t.equal(gunzipSync(join(frames)).toString(), whole);
  t.same(
    frames.map(({ label }) => label),
    [...Array(9).fill('delta'), 'framing', 'framing'],
  );
});

test('a stream without an event is a valid file too', async (t) => {
  const codec = gzipCodec({ ...inner(), finish: () => [] });
  t.equal(gunzipSync(join(codec.finish())).length, 0);
});

test('a cut between frames leaves whole frames and no end', async (t) => {
  const frames = texts(gzipCodec(inner()), 2);
  for (let kept = 1; kept <= frames.length; kept++) {
    const cut = join(frames.slice(0, kept));
    t.throws(() => gunzipSync(cut), { code: 'Z_BUF_ERROR' });
    const text = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
    t.equal(text.split(';').length - 1, kept);
  }
});

test('an error inside the stream fits the frames that were really sent', async (t) => {
  for (const sent of [0, 1, 2, 3, 4, 5, 6]) {
    const codec = gzipCodec(inner());
    const frames = texts(codec, 2).slice(0, sent);
    const whole = join([...frames, ...codec.exception('internal', '', sent)]);
    t.match(gunzipSync(whole).toString(), /error internal$/, `after ${sent}`);
  }
});

test('only clients that accept gzip get it', async (t) => {
  for (const yes of ['gzip', 'br, gzip, deflate', 'gzip;q=0.5', '*', 'GZIP']) {
    t.ok(acceptsGzip(yes), yes);
  }
  for (const no of [undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000', 'notgzip']) {
    t.notOk(acceptsGzip(no), String(no));
  }
});
