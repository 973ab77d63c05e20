// ConverseStream's events: order, bodies, padding and the exact count that positions refer to.

import { test } from 'tap';
import {
  answerTo,
  claude,
  converseBody,
  decodeFrame,
  eventsOf,
  framesOf,
  pathOf,
  scriptOf,
} from '../../fixtures/bedrock-answer.ts';

const path = pathOf(claude, 'converse-stream');

test('events come in the order of the service and a text block has no start', async (t) => {
  const types = eventsOf(path, converseBody, { chunks: 2 }).map(({ type }) => type);
  t.same(types, [
    'messageStart',
    'contentBlockDelta',
    'contentBlockDelta',
    'contentBlockStop',
    'messageStop',
    'metadata',
  ]);
});

test('an answer without text opens and closes no block', async (t) => {
  const types = eventsOf(path, converseBody, { chunks: 0 }).map(({ type }) => type);
  t.same(types, ['messageStart', 'messageStop', 'metadata']);
});

for (const chunks of [0, 1, 2, 40, 1000]) {
  test(`totalEvents is the number of frames with ${chunks} chunks`, async (t) => {
    const answer = answerTo(path, converseBody, { chunks });
    t.equal(framesOf(answer, scriptOf({ chunks })).length, answer.totalEvents);
  });
}

test('keys are in alphabetical order, padding among them', async (t) => {
  for (const { json, payload } of eventsOf(path, converseBody, { chunks: 2 })) {
    t.equal(json, JSON.stringify(payload, sortedKeys), json);
  }
});

test('padding is a start of the alphabet, of every length from 2 to 61', async (t) => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const lengths = new Set<number>();
  for (const { payload } of eventsOf(path, converseBody, { chunks: 2000 })) {
    const padding = String(payload.p);
    if (!alphabet.startsWith(padding)) t.fail(`${padding} is no start of the alphabet`);
    lengths.add(padding.length);
  }
  t.equal(lengths.size, 60);
  t.equal(Math.min(...lengths), 2);
  t.equal(Math.max(...lengths), 61);
});

test('deltas carry exactly the text that was asked for', async (t) => {
  const events = eventsOf(path, converseBody, { total: 1001, bytes: 100 });
  const texts = events.flatMap(({ payload }) => {
    const delta = payload.delta as { text: string } | undefined;
    return delta === undefined ? [] : [delta.text];
  });
  t.equal(texts.length, 11);
  t.equal(texts.join('').length, 1001);
});

test('usage adds up and metadata comes last', async (t) => {
  const last = eventsOf(path, converseBody, { chunks: 10, bytes: 40 }).at(-1);
  t.equal(last?.type, 'metadata');
  t.match(last?.payload.usage, { inputTokens: 3, outputTokens: 100, totalTokens: 103 });
});

test('each stop reason is spelled as the API has it', async (t) => {
  const spelled = ['end', 'max-tokens', 'stop-sequence'].map((stop) => {
    const stopped = eventsOf(path, converseBody, { stop }).find(
      ({ type }) => type === 'messageStop',
    );
    return stopped?.payload.stopReason;
  });
  t.same(spelled, ['end_turn', 'max_tokens', 'stop_sequence']);
});

test('one seed gives the same bytes twice', async (t) => {
  const bytes = () =>
    Buffer.concat(framesOf(answerTo(path, converseBody), scriptOf()).map((frame) => frame.bytes));
  t.ok(bytes().equals(bytes()));
});

test('text that JSON must escape arrives unchanged', async (t) => {
  const { codec } = answerTo(path, converseBody);
  const text = '"quotes", \\, \n, \u2028, 漢字 and 😀';
  const [frame] = codec.encode({ kind: 'text', text });
  t.same(frame && decodeFrame(frame).payload.delta, { text });
});

test('neutral names become modelled members, all others go out as given', async (t) => {
  const { codec } = answerTo(path, converseBody);
  const sent = (name: string, message = '') => {
    const [frame] = codec.exception(name, message, 0);
    return frame && decodeFrame(frame);
  };
  t.equal(sent('throttling')?.type, 'throttlingException');
  t.match(sent('throttling')?.payload, { message: /^Too many requests/ });
  t.equal(sent('model-error')?.type, 'modelStreamErrorException');
  t.match(sent('model-error')?.payload, { originalStatusCode: 500, originalMessage: String });
  t.equal(sent('internalServerException')?.type, 'internalServerException');
  t.equal(sent('ThrottlingException')?.type, 'ThrottlingException');
  t.equal(sent('madeUpException', 'why')?.type, 'madeUpException');
  t.same(sent('madeUpException', 'why')?.payload, { message: 'why' });
});

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
