// InvokeModelWithResponseStream: chunks of the Messages stream and Bedrock's metrics in the last.

import { test } from 'tap';
import {
  answerTo,
  claude,
  eventsOf,
  framesOf,
  messagesBody,
  pathOf,
  scriptOf,
} from '../../fixtures/bedrock-answer.ts';

const path = pathOf(claude, 'invoke-with-response-stream');

test('chunks hold the events of a Messages stream in order', async (t) => {
  t.same(
    chunksOf({ chunks: 2 }).map(({ type }) => type),
    [
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
  );
});

test('an answer without text has no block', async (t) => {
  const types = chunksOf({ chunks: 0 }).map(({ type }) => type);
  t.same(types, ['message_start', 'message_delta', 'message_stop']);
});

for (const chunks of [0, 1, 2, 40]) {
  test(`totalEvents is the number of frames with ${chunks} chunks`, async (t) => {
    const answer = answerTo(path, messagesBody, { chunks });
    t.equal(framesOf(answer, scriptOf({ chunks })).length, answer.totalEvents);
  });
}

test('every frame is a chunk of base64 with padding', async (t) => {
  for (const { type, json } of eventsOf(path, messagesBody, { chunks: 3 })) {
    t.equal(type, 'chunk');
    t.match(json, /^\{"bytes":"[A-Za-z0-9+/]+={0,2}","p":"ab[a-zA-Z0-9]{0,59}"\}$/);
  }
});

test('usage agrees wherever it is told, and only the last chunk has the metrics', async (t) => {
  const chunks = chunksOf({ chunks: 10, bytes: 8 });
  const last = chunks.at(-1);
  t.match(last?.['amazon-bedrock-invocationMetrics'], {
    inputTokenCount: 3,
    outputTokenCount: 20,
    invocationLatency: Number,
    firstByteLatency: Number,
  });
  t.equal(chunks.filter((chunk) => 'amazon-bedrock-invocationMetrics' in chunk).length, 1);
  t.match(chunks[0]?.message, { usage: { input_tokens: 3 }, stop_reason: null, content: [] });
  t.match(chunks.at(-2), { usage: { output_tokens: 20 }, delta: { stop_reason: 'end_turn' } });
});

test('a script without its usage event still ends the message, without any count', async (t) => {
  const { codec } = answerTo(path, messagesBody);
  codec.encode({ kind: 'start' });
  codec.encode({ kind: 'stop', reason: 'end' });
  t.equal(codec.finish().length, 2);
});

test('the content type of the chunks is in a header', async (t) => {
  t.match(answerTo(path, messagesBody).headers, {
    'Content-Type': 'application/vnd.amazon.eventstream',
    'X-Amzn-Bedrock-Content-Type': 'application/json',
  });
});

test('an embedding model is refused', async (t) => {
  const titan = pathOf('amazon.titan-embed-text-v2:0', 'invoke-with-response-stream');
  t.throws(() => answerTo(titan, { inputText: 'Hi' }), { message: /unsupported for streaming/ });
});

function chunksOf(words: Record<string, number>): Record<string, unknown>[] {
  return eventsOf(path, messagesBody, words).map(({ payload }) =>
    JSON.parse(Buffer.from(String(payload.bytes), 'base64').toString()),
  );
}
