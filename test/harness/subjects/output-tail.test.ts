// The output of a child is kept in part, and seen in full once.

import { PassThrough } from 'node:stream';
import { test } from 'tap';
import { outputTail } from '../../../harness/subjects/output-tail.ts';
import { announcedUrl } from '../../../harness/subjects/readiness.ts';

test('lines that arrive in pieces are put together', async (t) => {
  const seen = await linesOf(['{"url":', '"http://x/"}\r\nsec', 'ond']);
  t.strictSame(seen.lines, ['{"url":"http://x/"}', 'second']);
});

test('a flood of output costs a bounded memory', async (t) => {
  const flood = Array.from({ length: 5_000 }, (_, i) => `${i} ${'x'.repeat(2_000)}\n`);
  const { text } = await linesOf(flood);
  t.equal(text.split('\n').length, 200);
  t.ok(text.length < 200 * 510, `${text.length} characters kept`);
  t.match(text, /^4800 /);
});

test('a line without end is cut', async (t) => {
  const { lines } = await linesOf(Array.from({ length: 100 }, () => 'y'.repeat(10_000)));
  t.equal(lines[0]?.length, 64 * 1024);
});

test('only a JSON object with a URL announces one', async (t) => {
  t.equal(announcedUrl('{"url":"http://127.0.0.1:1/","x":1}'), 'http://127.0.0.1:1');
  for (const line of ['ready', '{"url":7}', '{"url":"nonsense"}', '{', '["http://x"]']) {
    t.equal(announcedUrl(line), undefined, line);
  }
});

async function linesOf(chunks: readonly string[]): Promise<{ lines: string[]; text: string }> {
  const tail = outputTail();
  const lines: string[] = [];
  const stream = new PassThrough();
  tail.follow(stream, (line) => lines.push(line));
  for (const chunk of chunks) {
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  await new Promise((resolve) => {
    stream.once('end', resolve);
    stream.end();
  });
  return { lines, text: tail.text() };
}
