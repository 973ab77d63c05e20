// Faults that know one framing: comments and blank lines of server-sent events, the bracket of an
// array, signs of life. And that each says so where it cannot be.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { disturb } from '../../../injectors/pipeline.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { complete, type Frame, type FrameStream, type Framing } from '../../../injectors/stream.ts';
import { jsonArrayWriter } from '../../../mocks/codec/json-array.ts';
import { sseFrame } from '../../../mocks/codec/sse.ts';

const array = jsonArrayWriter();
const sources: Readonly<Record<string, readonly Omit<Frame, 'dueMs'>[]>> = {
  sse: ['a', 'b', 'c'].map((data) => sseFrame('delta', data, '\r\n')),
  'json-array': [array.element('delta', '1'), array.element('delta', '2'), ...array.close()],
};

function sent(words: string, framing: Framing): { text: string; notes: string[]; dueMs: number[] } {
  const { planned, problems } = bindFaults([parseFaultWords(words)]);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const notes: string[] = [];
  const encode = function* (): FrameStream {
    for (const frame of sources[framing] ?? sources.sse ?? []) yield { ...frame, dueMs: 0 };
    return complete;
  };
  const frames = [
    ...disturb([], encode, planned, {
      totalEvents: 3,
      rng: seededRng(1),
      transport: framing === 'websocket' ? 'websocket' : framing === 'grpc' ? 'grpc' : 'http1',
      framing,
      note: (_, what) => void notes.push(what),
    }),
  ];
  const text = Buffer.concat(frames.map(({ bytes }) => bytes)).toString('latin1');
  return { text, notes, dueMs: frames.map(({ dueMs }) => dueMs) };
}

test('comments come between events, as many and as long as asked', async (t) => {
  const { text, notes } = sent('sse-comment;every=2;bytes=3', 'sse');
  t.equal(text, ': kee\r\n\r\ndata: a\r\n\r\ndata: b\r\n\r\n: kee\r\n\r\ndata: c\r\n\r\n');
  t.same(notes, ['comments of 3 bytes']);
});

test('a comment inside an event is followed by its data', async (t) => {
  const { text } = sent('sse-comment;every=3;bytes=1;where=inside', 'sse');
  t.equal(text, ': k\r\ndata: a\r\n\r\ndata: b\r\n\r\ndata: c\r\n\r\n');
});

test('the blank line is missing after the last event, or after each', async (t) => {
  t.equal(sent('sse-no-newline', 'sse').text, 'data: a\r\n\r\ndata: b\r\n\r\ndata: c');
  t.equal(sent('sse-no-newline;where=all', 'sse').text, 'data: adata: bdata: c');
});

test('an array keeps its elements and loses its closing bracket', async (t) => {
  const { text, notes } = sent('array-never-closed', 'json-array');
  t.equal(text, '[1\n,\r\n2');
  t.same(notes, ['the array is not closed']);
});

test('signs of life are what each framing has for nothing', async (t) => {
  const words = 'ping-only;as=bytes;gap=5ms;count=2';
  t.equal(sent(words, 'sse').text.slice(0, 20), ': ping\r\n\r\n: ping\r\n\r\n');
  t.same(JSON.parse(sent(words, 'json-array').text), [1, 2], 'blank space means nothing');
  t.equal(sent(words, 'websocket').text.slice(0, 4), '\x89\x00\x89\x00');
  t.same(sent(words, 'sse').dueMs, [5, 10, 10, 10, 10], 'the answer comes behind them');
});

test('where bytes that mean nothing do not exist, it is said', async (t) => {
  for (const framing of ['event-stream', 'grpc'] as const) {
    t.match(sent('ping-only;as=bytes;count=1', framing).notes, [
      /^does not apply because no bytes/,
    ]);
  }
});

test('each says where it cannot be, and changes nothing there', async (t) => {
  const framings = ['event-stream', 'grpc', 'websocket', 'body'] as const;
  for (const fault of ['sse-comment', 'sse-no-newline', 'array-never-closed', 'lie']) {
    const others = fault === 'lie' ? (['sse', 'json-array'] as const) : framings;
    for (const framing of others) {
      const { text, notes } = sent(fault, framing);
      t.equal(text, sent('noop', framing).text, `${fault} in ${framing}`);
      t.match(notes, [/^does not apply because /], `${fault} in ${framing}`);
    }
  }
});
