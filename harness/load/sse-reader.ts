// Counts the content events of an OpenAI-like stream without parsing it: lines are found in the
// chunks as they come, and a line is judged by its first 2 KiB, so one event of many MiB costs no
// memory and the count does not depend on how TCP cut the stream. Chunks are looked at as latin1
// strings, half the cost of searching buffers: all the words sought are ASCII.
// (html.spec.whatwg.org/multipage/server-sent-events.html; JSON payloads are one line each.)

import { type BodyReader, type OnContent, quote } from './body-reader.ts';

const headLength = 2048;
// Quotes inside a JSON string are escaped, so these characters after a quote can only be a key. The
// quote is looked at last: a line has thirty, and a search stops at each place that may begin it.
const contentKey = 'content":';
const toolCallsKey = 'tool_calls":[';
const space = 0x20;
const quotes = 0x22;
const brace = 0x7b;

export function readSse(onContent: OnContent): BodyReader {
  let head = '';
  let eventCount = 0;
  let isDone = false;
  let isErrorEvent = false;
  let error: string | undefined;
  /** Judges the line from `start` to `end`; false when the listener wants no more. */
  const take = (text: string, start: number, end: number, hasContent: HasContent): boolean => {
    if (!text.startsWith('data:', start)) {
      if (text.startsWith('event: error', start)) isErrorEvent = true;
      return true;
    }
    const from = text.charCodeAt(start + 5) === space ? start + 6 : start + 5;
    const isObject = text.charCodeAt(from) === brace;
    if (isErrorEvent || (isObject && text.startsWith('"error"', from + 1))) {
      error ??= quote(Buffer.from(text.slice(from, end), 'latin1'));
    } else if (isObject && hasContent(from, end)) {
      eventCount += 1;
      return onContent();
    } else if (text.startsWith('[DONE]', from)) isDone = true;
    return true;
  };
  return {
    read(chunk) {
      const text = chunk.toString('latin1');
      let start = 0;
      let end = text.indexOf('\n');
      if (head !== '' && end !== -1) {
        const line = head + text.slice(0, Math.min(end, headLength - head.length));
        head = '';
        if (!take(line, 0, line.length, contentFinder(line))) return;
        start = end + 1;
        end = text.indexOf('\n', start);
      }
      const hasContent = contentFinder(text);
      for (; end !== -1; end = text.indexOf('\n', start)) {
        const judged = Math.min(end, start + headLength);
        if (end > start && !take(text, start, judged, hasContent)) return;
        start = end + 1;
      }
      if (start === chunk.length) return;
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
type HasContent = (from: number, end: number) => boolean;

/** Asked of one line of `text` after the other, from its beginning. */
function contentFinder(text: string): HasContent {
  const contentAfter = finder(text, contentKey);
  const toolCallsAfter = finder(text, toolCallsKey);
  return (from, end) => {
    for (let at = contentAfter(from); at < end; at = contentAfter(at)) {
      at += contentKey.length;
      while (text.charCodeAt(at) === space) at += 1;
      if (text.charCodeAt(at) === quotes && text.charCodeAt(at + 1) !== quotes) return at < end;
    }
    return toolCallsAfter(from) < end;
  };
}

/** Where a key comes next; found once however many lines before it ask. */
function finder(text: string, key: string): (from: number) => number {
  let next = -1;
  return (from) => {
    if (next >= from) return next;
    next = text.indexOf(key, from);
    while (next !== -1 && text.charCodeAt(next - 1) !== quotes) next = text.indexOf(key, next + 1);
    if (next === -1) next = Number.POSITIVE_INFINITY;
    return next;
  };
}
