// Counts the content events of an OpenAI-like stream without parsing it: lines are found in the
// chunks as they come, and a line is judged by its first 2 KiB, so one event of many MiB costs no
// memory and the count does not depend on how TCP cut the stream.
// (html.spec.whatwg.org/multipage/server-sent-events.html; JSON payloads are one line each.)

import { type BodyReader, type OnContent, quote } from './body-reader.ts';

const headBytes = 2048;
const newline = 0x0a;
const space = 0x20;
const quoteMark = 0x22;
const bracket = 0x5b;
const empty: Buffer = Buffer.alloc(0);
// Quotes inside a JSON string are escaped, so these bytes can only be a key.
const contentKey = Buffer.from('"content":');
const toolCallsKey = Buffer.from('"tool_calls":[');
const errorKey = Buffer.from('{"error"');

export function readSse(onContent: OnContent): BodyReader {
  let head = empty;
  let eventCount = 0;
  let isDone = false;
  let isErrorEvent = false;
  let error: string | undefined;
  /** Judges one line; false when the listener wants no more. */
  const take = (line: Buffer): boolean => {
    if (startsWith(line, 'event: error')) isErrorEvent = true;
    if (!startsWith(line, 'data:')) return true;
    const start = line[5] === space ? 6 : 5;
    if (line[start] === bracket) {
      isDone = startsWith(line, '[DONE]', start);
      return true;
    }
    if (isErrorEvent || line.subarray(start, start + errorKey.length).equals(errorKey)) {
      error ??= quote(line.subarray(start));
      return true;
    }
    if (!hasContent(line)) return true;
    eventCount += 1;
    return onContent();
  };
  return {
    read(chunk) {
      let start = 0;
      let end = chunk.indexOf(newline);
      while (end !== -1) {
        const line = extend(head, chunk, start, end);
        head = empty;
        if (!take(line)) return;
        start = end + 1;
        end = chunk.indexOf(newline, start);
      }
      if (start < chunk.length && head.length < headBytes) {
        // A copy, since a view would hold on to the whole 64 KiB read buffer.
        head = Buffer.concat([extend(head, chunk, start, chunk.length)]);
      }
    },
    problem() {
      if (error !== undefined) return `The stream carried an error: ${error}`;
      return isDone ? undefined : `The stream ended without [DONE] after ${eventCount} events.`;
    },
  };
}

/** The first 2 KiB of `head` and what follows it; a view where nothing was left over. */
function extend(head: Buffer, chunk: Buffer, start: number, end: number): Buffer {
  const piece = chunk.subarray(start, Math.min(end, start + headBytes - head.length));
  if (piece.length === 0) return head;
  return head.length === 0 ? piece : Buffer.concat([head, piece]);
}

function startsWith(line: Buffer, word: string, from = 0): boolean {
  if (line.length < from + word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (line[from + i] !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** True for a delta with text in it or a tool call; the role and the stop carry neither. */
function hasContent(line: Buffer): boolean {
  let at = line.indexOf(contentKey);
  while (at !== -1) {
    at += contentKey.length;
    while (line[at] === space) at += 1;
    if (line[at] === quoteMark && line[at + 1] !== quoteMark) return true;
    at = line.indexOf(contentKey, at);
  }
  return line.includes(toolCallsKey);
}
