// Counts the content events of an OpenAI-like stream without parsing it: lines are found in the
// chunks as they come, and a line is judged by its first 2 KiB, so one event of many MiB costs no
// memory and the count does not depend on how TCP cut the stream. Chunks are looked at as latin1
// strings, half the cost of searching buffers: all the words sought are ASCII.
// (html.spec.whatwg.org/multipage/server-sent-events.html; JSON payloads are one line each.)

import { type BodyReader, type OnContent, quote } from './body-reader.ts';

const headLength = 2048;
// Quotes inside a JSON string are escaped, so these characters can only be a key.
const contentKey = '"content":';
const toolCallsKey = '"tool_calls":[';

export function readSse(onContent: OnContent): BodyReader {
  let head = '';
  let eventCount = 0;
  let isDone = false;
  let isErrorEvent = false;
  let error: string | undefined;
  /** Judges one line; false when the listener wants no more. */
  const take = (line: string): boolean => {
    if (line.startsWith('event: error')) isErrorEvent = true;
    if (!line.startsWith('data:')) return true;
    const start = line[5] === ' ' ? 6 : 5;
    if (line.startsWith('[DONE]', start)) {
      isDone = true;
      return true;
    }
    if (isErrorEvent || line.startsWith('{"error"', start)) {
      error ??= quote(Buffer.from(line.slice(start), 'latin1'));
      return true;
    }
    if (!hasContent(line)) return true;
    eventCount += 1;
    return onContent();
  };
  return {
    read(chunk) {
      const text = chunk.toString('latin1');
      let start = 0;
      let end = text.indexOf('\n');
      while (end !== -1) {
        const isBlank = end === start && head === '';
        if (!isBlank) {
          const line = head + text.slice(start, Math.min(end, start + headLength - head.length));
          head = '';
          if (!take(line)) return;
        }
        start = end + 1;
        end = text.indexOf('\n', start);
      }
      // From the chunk, since a slice of `text` would hold on to all 64 KiB of it.
      head += chunk.toString(
        'latin1',
        start,
        Math.min(chunk.length, start + headLength - head.length),
      );
    },
    problem() {
      if (error !== undefined) return `The stream carried an error: ${error}`;
      return isDone ? undefined : `The stream ended without [DONE] after ${eventCount} events.`;
    },
  };
}

/** True for a delta with text in it or a tool call; the role and the stop carry neither. */
function hasContent(line: string): boolean {
  let at = line.indexOf(contentKey);
  while (at !== -1) {
    at += contentKey.length;
    while (line[at] === ' ') at += 1;
    if (line[at] === '"' && line[at + 1] !== '"') return true;
    at = line.indexOf(contentKey, at);
  }
  return line.includes(toolCallsKey);
}
