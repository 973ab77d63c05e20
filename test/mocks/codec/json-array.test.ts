// Google's JSON array streaming, byte for byte.

import { test } from 'tap';
import { jsonArrayWriter } from '../../../mocks/codec/json-array.ts';

const text = (frames: readonly { bytes: Uint8Array }[]) =>
  Buffer.concat(frames.map(({ bytes }) => bytes)).toString();

test('elements are separated by LF , CR LF and the array ends with LF ]', async (t) => {
  const array = jsonArrayWriter();
  const frames = [
    array.element('delta', '{}'),
    array.element('stop', '{"a": 1}'),
    ...array.close(),
  ];
  t.equal(text(frames), '[{}\n,\r\n{"a": 1}\n]');
});

test('an array without elements is an empty array', async (t) => {
  t.equal(text(jsonArrayWriter().close()), '[]');
});

test('an element that takes the place of an unsent one opens the array itself', async (t) => {
  const array = jsonArrayWriter();
  array.element('delta', '{"dropped": 1}');
  t.equal(text([array.elementAfter(0, 'exception', '{}'), ...array.close()]), '[{}\n]');
  const later = jsonArrayWriter();
  const sent = later.element('delta', '{"sent": 1}');
  const error = later.elementAfter(1, 'exception', '{}');
  t.equal(text([sent, error]), '[{"sent": 1}\n,\r\n{}');
});

test('an array closes once, whoever asks again', async (t) => {
  const array = jsonArrayWriter();
  const first = [array.element('exception', '{}'), ...array.close()];
  t.equal(text(first), '[{}\n]');
  t.same(array.close(), []);
});

test('the closing bracket is framing, which no position counts as an event', async (t) => {
  const array = jsonArrayWriter();
  t.equal(array.element('delta', '{}').label, 'delta');
  t.same(
    array.close().map(({ label }) => label),
    ['framing'],
  );
});
