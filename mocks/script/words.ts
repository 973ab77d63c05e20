// The words a script is made of: what to answer and at what pace. One schema serves the prompt
// directive, the header and the defaults.

import { choice, duration, integer, type OptionsOf, size } from '../../injectors/options.ts';
import type { StopReason } from '../../injectors/stream.ts';

const stopReasons = [
  'end',
  'max-tokens',
  'stop-sequence',
  'tool-use',
  'content-filter',
  'guardrail',
  'context-window',
  'malformed-tool',
  'malformed-output',
] as const satisfies readonly StopReason[];

export const scriptWords = {
  chunks: integer(40, 'text pieces in the answer', { min: 0, max: 10_000_000 }),
  bytes: size('24', 'bytes of text in each piece', { maxMiB: 256 }),
  total: size('0', 'bytes of text in the whole answer; replaces chunks when given', {
    maxMiB: 1_048_576,
  }),
  gap: duration('0ms', 'pause before each piece'),
  ttft: duration('0ms', 'pause before the first piece'),
  jitter: duration('0ms', 'each pause varies by up to this much either way'),
  thinking: integer(0, 'pieces of reasoning before the text', { min: 0, max: 10_000_000 }),
  citations: integer(0, 'sources named after the text', { min: 0, max: 1000 }),
  tool: integer(0, 'tool calls after the text, of the tools the request offers', {
    min: 0,
    max: 1000,
  }),
  redacted: integer(
    0,
    'blocks of reasoning that the client may not read, of Claude and in Converse',
    {
      min: 0,
      max: 1000,
    },
  ),
  'server-tools': integer(0, 'calls that Bedrock answers itself, in Converse', {
    min: 0,
    max: 1000,
  }),
  images: integer(0, 'images in the answer of Converse', { min: 0, max: 1000 }),
  stop: choice(stopReasons, 'end', 'why the model stops; tool calls end with tool-use'),
  polls: integer(1, 'status requests until an asynchronous job is done', { min: 0, max: 10_000 }),
  session: duration('10m', 'how long a Live session lasts; goAway comes before its end'),
  instances: integer(0, 'texts one embedding request may hold; 0 is the usual of the model', {
    min: 0,
    max: 100_000,
  }),
  encoding: choice(
    ['auto', 'gzip', 'identity'],
    'auto',
    'auto: gzip as the service does, but plain under a fault, which then cuts at the byte it names',
  ),
  'vertex-event': choice(['off', 'on'], 'off', 'an event in Claude streams that Vertex AI adds'),
  'sse-error': choice(
    ['bare', 'split', 'line', 'data'],
    'bare',
    'an error in a Gemini stream: an object on many lines, in halves, on one line, or an event',
  ),
  'stray-error': integer(0, 'an error after so many messages of a Gemini stream, which goes on', {
    min: 0,
    max: 10_000_000,
  }),
  'sse-newline': choice(['crlf', 'lf', 'cr'], 'crlf', 'how lines of a Gemini stream end'),
  dims: integer(0, 'numbers in each embedding; 0 is the usual of the model', {
    min: 0,
    max: 16_384,
  }),
} as const;

export type ScriptSettings = OptionsOf<typeof scriptWords>;
