// Body readers: bytes in, counts and problems out, no network.

import { test } from 'tap';
import { readJson } from '../../../harness/load/json-reader.ts';
import { readSse } from '../../../harness/load/sse-reader.ts';
import { readVectors } from '../../../harness/load/vector-reader.ts';
import { doneEvent, roleEvent, textEvent, wholeStream } from '../../fixtures/openai-server.ts';

/** Feeds `text` in pieces of `size` bytes; returns what the reader made of it. */
function readStream(text: string, size: number, stopAt = Number.POSITIVE_INFINITY) {
  let count = 0;
  const reader = readSse(() => ++count < stopAt);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && count < stopAt; at += size) {
    reader.read(bytes.subarray(at, at + size));
  }
  return { count, problem: reader.problem() };
}

test('a stream is counted the same however it is cut into chunks', async (t) => {
  for (const size of [1, 2, 3, 7, 64, 199, 4096, 1_000_000]) {
    const read = readStream(wholeStream(40), size);
    t.same(read, { count: 40, problem: undefined }, `pieces of ${size}`);
  }
});

test('role, stop, usage, comments and pings are not content', async (t) => {
  const text = [
    roleEvent,
    ': ping\n\n',
    'event: ping\ndata: {}\n\n',
    'data: {"choices":[],"usage":{"total_tokens":3}}\n\n',
    'data: {"choices":[{"delta":{},"finish_reason":"stop","logprobs":{"content":[]}}]}\n\n',
    'data: {"choices":[{"delta":{"content":null}}]}\n\n',
    doneEvent,
  ].join('');
  t.same(readStream(text, 4096), { count: 0, problem: undefined });
});

test('content is found in the spellings of other gateways', async (t) => {
  const text = [
    'data: {"choices": [{"delta": {"content": "spaced"}}]}\r\n\r\n',
    'data:{"choices":[{"delta":{"content":"tight"}}]}\n\n',
    'data: {"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}\n\n',
    'data: {"choices":[{"delta":{"role":"assistant","content":"quoted \\"content\\":"}}]}\n\n',
    doneEvent,
  ].join('');
  t.same(readStream(text, 4096), { count: 4, problem: undefined });
});

test('a reader told to stop counts nothing more of the same chunk', async (t) => {
  t.equal(readStream(wholeStream(40), 1_000_000, 3).count, 3);
});

test('an event of many MiB is counted without being kept', async (t) => {
  const piece = Buffer.alloc(65_536, 0x61);
  let count = 0;
  const reader = readSse(() => {
    count += 1;
    return true;
  });
  reader.read(Buffer.from('data: {"choices":[{"delta":{"content":"'));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 1024; i++) reader.read(piece);
  reader.read(Buffer.from(`"}}]}\n\n${textEvent}${doneEvent}`));
  const grownBytes = process.memoryUsage().arrayBuffers - before;
  t.same([count, reader.problem()], [2, undefined]);
  t.ok(grownBytes < 4 * 1024 ** 2, `64 MiB read, ${grownBytes} bytes of buffers more`);
});

test('a stream without [DONE] or with an error in it is a problem', async (t) => {
  t.match(readStream(roleEvent + textEvent, 50).problem, /without \[DONE\] after 1 events/);
  const plain = `${textEvent}data: {"error":{"message":"throttled"}}\n\n${doneEvent}`;
  t.match(readStream(plain, 50).problem, /carried an error: .*throttled/);
  const named = `event: error\ndata: {"message":"overloaded"}\n\n${doneEvent}`;
  t.match(readStream(named, 50).problem, /carried an error: .*overloaded/);
  const long = `data: {"error":"${'x'.repeat(5000)}"}\n\n`;
  t.ok((readStream(long, 5000).problem ?? '').length < 300, 'error texts are bounded');
});

test('a JSON document is told from an error, an empty body and a document cut short', async (t) => {
  const read = (...chunks: string[]) => {
    let count = 0;
    const reader = readJson(() => ++count > 0);
    for (const chunk of chunks) reader.read(Buffer.from(chunk));
    return { count, problem: reader.problem() };
  };
  t.same(read('{"a":', '1}', '\n'), { count: 1, problem: undefined });
  t.match(read('{"a":'), { count: 1, problem: /ends before its JSON/ });
  t.match(read('{"error": {"code": 1}}'), { problem: /is an error/ });
  t.match(read(), { count: 0, problem: /empty/ });
});

test('what a document says it used is read, and nothing else that looks like it', async (t) => {
  const tokensOf = (text: string, size = 64) => {
    const reader = readJson(() => true);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    return reader.tokens?.();
  };
  const usage = '"usage":{"prompt_tokens": 12,"completion_tokens":34,"total_tokens":46}';
  const long = JSON.stringify('"prompt_tokens":9 '.repeat(1000));
  for (const size of [1, 64, 100_000]) {
    const found = tokensOf(`{"choices":[${long}],${usage}}`, size);
    t.same(found, { inputTokens: 12, outputTokens: 34 }, `pieces of ${size}`);
  }
  const embedding = tokensOf('{"data":[],"usage":{"prompt_tokens":7,"total_tokens":7}}');
  t.same(embedding, { inputTokens: 7, outputTokens: 0 });
  t.equal(tokensOf(`{"choices":[${long}]}`), undefined);
});

test('embeddings have a vector for each text, however the document is cut and written', async (t) => {
  const vector = (index: number) => ({ object: 'embedding', index, embedding: [0.1, -2e-3] });
  const answer = (count: number) => ({
    object: 'list',
    data: Array.from({ length: count }, (_, at) => vector(at)),
  });
  const problemOf = (text: string, size: number) => {
    const reader = readVectors(() => true, 50);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    return reader.problem();
  };
  for (const size of [1, 7, 64, 100_000]) {
    for (const space of [undefined, 2]) {
      t.equal(
        problemOf(JSON.stringify(answer(50), null, space), size),
        undefined,
        `pieces of ${size}`,
      );
    }
    t.equal(problemOf(JSON.stringify(answer(49)), size), 'The answer has 49 vectors for 50 texts.');
    t.equal(problemOf(JSON.stringify(answer(51)), size), 'The answer has 51 vectors for 50 texts.');
  }
  t.match(problemOf('{"error":{"message":"no"}}', 64), /is an error/);
});
