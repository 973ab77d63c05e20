// Frames that are kept: the same bytes as if they had been made, and never more than is allowed.

import { test } from 'tap';
import { joinedFrames, onceEncoded, textFrames } from '../../../mocks/codec/once-encoded.ts';
import type { EncodedFrame } from '../../../mocks/provider.ts';

const frameOf = (text: string): EncodedFrame => ({ bytes: Buffer.from(text), label: 'delta' });

test('a frame is made once for one text, and again for another', async (t) => {
  const made: string[] = [];
  const encode = onceEncoded((text: string) => {
    made.push(text);
    return frameOf(text);
  }, 100);
  t.equal(encode('one'), encode('one'));
  t.not(encode('one'), encode('two'));
  t.same(made, ['one', 'two']);
});

test('what is kept stays under its limit, and what alone is over it is not kept', async (t) => {
  const made: string[] = [];
  const encode = onceEncoded((text: string) => {
    made.push(text);
    return frameOf(text);
  }, 8);
  encode('aaaaa');
  encode('bbbbb');
  encode('aaaaa');
  t.same(made, ['aaaaa', 'bbbbb', 'aaaaa']);
  encode('c'.repeat(9));
  encode('c'.repeat(9));
  encode('aaaaa');
  t.equal(made.length, 5, 'the large one was made twice and drove nothing out');
});

test('a run has the bytes of its pieces and counts them', async (t) => {
  const frames = textFrames(frameOf);
  const texts = ['ab', 'cd', 'ef'];
  const run = frames.run(texts);
  t.equal(Buffer.from(run.bytes).toString(), 'abcdef');
  t.equal(run.eventCount, 3);
  t.equal(frames.run(texts), run);
  t.not(frames.run([...texts]), run, 'another list is another run');
  t.same(joinedFrames([]).bytes.length, 0);
});
