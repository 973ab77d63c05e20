// Reads an answer that is one JSON document, or an error page. It is not parsed: a 100 MB answer
// must not cost the load generator 300 MB. Its first and last bytes tell a document from an error
// and from one cut short by a gateway that ended the HTTP message properly, and what it used:
// `usage` is the last member of an answer of OpenAI's.

import type { TokenCounts } from '../record.ts';
import { type BodyReader, type OnContent, quote, quoteBytes } from './body-reader.ts';

const empty: Buffer = Buffer.alloc(0);
/** Usage with the details that OpenAI's has. */
const tailBytes = 512;

/** The document counts as one content event, which arrives with its first bytes. */
export function readJson(onContent: OnContent): BodyReader {
  let head = empty;
  let tail = empty;
  let last = 0;
  return {
    read(chunk) {
      const isFirst = head.length === 0;
      head = extend(head, chunk);
      tail = chunk.length < tailBytes ? Buffer.concat([tail, chunk]) : chunk;
      if (tail.length > tailBytes) tail = tail.subarray(-tailBytes);
      last = lastVisible(chunk) ?? last;
      if (isFirst) onContent();
    },
    problem() {
      if (head.length === 0) return 'The answer is empty.';
      if (/^\s*\{\s*"error"/.test(quote(head))) return `The answer is an error: ${quote(head)}`;
      return last === 0x7d || last === 0x5d ? undefined : 'The answer ends before its JSON does.';
    },
    tokens: () => readTokens(tail.toString('latin1')),
  };
}

function readTokens(text: string): TokenCounts | undefined {
  const usage = text.slice(text.lastIndexOf('"usage"'));
  const asked = promptTokens.exec(usage)?.[1];
  if (asked === undefined) return undefined;
  // An embedding has no output.
  const answered = completionTokens.exec(usage)?.[1] ?? 0;
  return { inputTokens: Number(asked), outputTokens: Number(answered) };
}

const promptTokens = /"prompt_tokens":\s*(\d+)/;
const completionTokens = /"completion_tokens":\s*(\d+)/;

/** Reads the body that explains an error status, and always finds the problem. */
export function readError(status: number): BodyReader {
  let head = empty;
  return {
    read(chunk) {
      head = extend(head, chunk);
    },
    problem: () => `HTTP ${status}: ${quote(head)}`,
  };
}

function extend(head: Buffer, chunk: Buffer): Buffer {
  if (head.length >= quoteBytes) return head;
  if (head.length === 0) return chunk.subarray(0, quoteBytes);
  return Buffer.concat([head, chunk.subarray(0, quoteBytes - head.length)]);
}

/** The last byte that is no white space. */
function lastVisible(chunk: Buffer): number | undefined {
  return chunk.findLast((byte) => byte > 0x20);
}
