// What each client makes of broken HTTP streams, as a table. A whole Gemini stream is six messages
// (the AI SDK counts its five texts), a whole Claude stream is ten events for Anthropic's SDK; its
// helper `finalMessage` counts characters. The faults come after two texts.

import type { ReaderName } from '../../fixtures/vertex-streams.ts';

export interface HttpCell {
  /** Words for Gemini streams. */
  readonly gemini?: string;
  /** Words for Claude streams, which have three events before their first text. */
  readonly claude?: string;
  readonly ends: Readonly<Partial<Record<ReaderName, string | RegExp>>>;
}

const atTwo = (fault: string, rest = '') => ({
  gemini: `fault=${fault};at=2${rest}`,
  claude: `fault=${fault};at=5${rest}`,
});
/** The same for all of them but one who says no more than that it broke. */
const broken = {
  // What it had not handed out yet may be lost with the connection.
  rest: /^error ERR_STREAM_PREMATURE_CLOSE [0-2]$/,
  genai: 'error terminated 2',
  vertexai: 'error terminated 2',
  'ai-gemini': 'error Failed to process 2',
  anthropic: 'error terminated 4',
  'anthropic-final': 'error terminated',
  'ai-claude': 'error Failed to process 2',
};
const whole = {
  rest: 'ok 6',
  genai: 'ok 6',
  vertexai: 'ok 6',
  'ai-gemini': 'stop 5',
  anthropic: 'ok 10',
  'anthropic-final': 'ok 120',
  'ai-claude': 'stop 5',
};
const endedEarly = {
  rest: 'silent 2',
  genai: 'silent 2',
  vertexai: 'silent 2',
  'ai-gemini': 'interrupted 2',
  anthropic: 'silent 4',
  'anthropic-final': 'error stream ended without',
  'ai-claude': 'interrupted 2',
};
/** An error object that is no event. */
const bareError = {
  rest: 'silent 3',
  genai: 'error Incomplete JSON 2',
  vertexai: 'error Failed to parse 2',
  'ai-gemini': 'interrupted 2',
};
const exception = 'fault=exception;at=2;name=unavailable';
/** Long enough that what comes after it is read by itself. */
const apart = `${exception};gap=300ms`;

export const endingCells: readonly HttpCell[] = [
  { gemini: 'fault=noop', claude: 'fault=noop', ends: whole },
  { ...atTwo('truncate'), ends: endedEarly },
  {
    gemini: 'fault=truncate;at=mid-frame:2',
    claude: 'fault=truncate;at=mid-frame:5',
    ends: { ...endedEarly, genai: 'error Incomplete JSON 2', vertexai: 'error Failed to parse 2' },
  },
  { ...atTwo('truncate', ';end=cut'), ends: broken },
  { ...atTwo('reset'), ends: broken },
  { ...atTwo('bad-framing'), ends: broken },
  {
    // Compressed, and cut where the compressor had flushed.
    gemini: 'encoding=gzip fault=truncate;at=2',
    claude: 'encoding=gzip fault=truncate;at=5',
    ends: endedEarly,
  },
  {
    // Declared as compressed, and plain.
    gemini: 'fault=wrong-encoding',
    claude: 'fault=wrong-encoding',
    ends: {
      rest: 'error Z_DATA_ERROR 0',
      genai: 'error terminated 0',
      vertexai: 'error terminated 0',
      'ai-gemini': 'error Failed to process 0',
      anthropic: 'error terminated 0',
      'anthropic-final': 'error terminated',
      'ai-claude': 'nothing+error 0',
    },
  },
  {
    ...atTwo('hang'),
    ends: {
      rest: 'hang 2',
      genai: 'hang 2',
      vertexai: 'hang 2',
      'ai-gemini': 'hang 2',
      anthropic: 'hang 4',
      'anthropic-final': 'hang',
      'ai-claude': 'hang 2',
    },
  },
  {
    gemini: 'fault=empty-body',
    claude: 'fault=empty-body',
    ends: {
      rest: 'silent 0',
      genai: 'silent 0',
      vertexai: 'silent 0',
      'ai-gemini': 'interrupted 0',
      anthropic: 'silent 0',
      'anthropic-final': 'error request ended without',
      'ai-claude': 'nothing+error 0',
    },
  },
  {
    gemini: 'fault=html-error;code=502',
    claude: 'fault=html-error;code=502',
    ends: {
      rest: 'error 13 0',
      genai: 'error 502 0',
      vertexai: 'error SyntaxError 0',
      'ai-gemini': 'nothing+error 0',
      anthropic: /^error 502 <html> /,
      'anthropic-final': /^error 502 <html> /,
      'ai-claude': 'nothing+error 0',
    },
  },
];

export const errorCells: readonly HttpCell[] = [
  { gemini: exception, ends: bareError },
  // Alone in its network read, the error is understood by one client.
  { gemini: apart, ends: { ...bareError, genai: 'error 503 2' } },
  { gemini: `sse-error=split ${apart}`, ends: bareError },
  { gemini: `sse-error=line ${exception}`, ends: bareError },
  { gemini: `sse-error=line ${apart}`, ends: { ...bareError, genai: 'error 503 2' } },
  {
    gemini: `sse-error=data ${exception}`,
    claude: 'fault=exception;at=5;name=unavailable',
    ends: {
      rest: 'silent 3',
      genai: 'error 503 2',
      vertexai: 'silent 3',
      'ai-gemini': 'error+error 2',
      anthropic: 'error overloaded_error 4',
      'anthropic-final': 'error overloaded_error',
      'ai-claude': 'error+error 2',
    },
  },
  {
    // The stream goes on behind the error, which takes the next event with it.
    gemini: 'stray-error=2',
    ends: { genai: 'ok 5', vertexai: 'error Failed to parse 2', 'ai-gemini': 'stop 5' },
  },
  {
    gemini: 'sse-error=data stray-error=2',
    ends: { genai: 'error 503 2', vertexai: 'ok 7', 'ai-gemini': 'stop+error 5' },
  },
  {
    gemini: 'fault=malformed-json;at=3',
    claude: 'fault=malformed-json;at=6',
    ends: {
      // It waits for the brace, to the end.
      rest: 'silent 2',
      genai: 'error SyntaxError 2',
      vertexai: /^error Error parsing JSON [12]$/,
      'ai-gemini': 'stop+error 4',
      anthropic: 'error SyntaxError 4',
      'anthropic-final': "error Expected ',' or",
      'ai-claude': 'stop+error 4',
    },
  },
];

const gemini = { genai: 'ok 6', vertexai: 'ok 6', 'ai-gemini': 'stop 5' };

export const framingCells: readonly HttpCell[] = [
  { gemini: 'sse-newline=lf', ends: gemini },
  { gemini: 'sse-newline=cr', ends: { ...gemini, 'ai-gemini': 'interrupted 5' } },
  {
    gemini: 'fault=sse-comment',
    claude: 'fault=sse-comment',
    ends: { ...whole, rest: 'ok 6', vertexai: 'error Failed to parse 0' },
  },
  {
    gemini: 'fault=sse-no-newline',
    claude: 'fault=sse-no-newline',
    ends: {
      genai: 'error Incomplete JSON 5',
      vertexai: 'error Failed to parse 5',
      'ai-gemini': 'interrupted 5',
      anthropic: 'silent 9',
      'anthropic-final': 'error stream ended without',
      'ai-claude': 'interrupted 5',
    },
  },
  { gemini: 'fault=split;bytes=1', claude: 'fault=split;bytes=1', ends: whole },
  { gemini: 'fault=coalesce;count=4', claude: 'fault=coalesce;count=4', ends: whole },
  {
    // An event of Vertex AI's own, which the AI SDK does not know.
    claude: 'vertex-event=on',
    ends: { anthropic: 'ok 11', 'anthropic-final': 'ok 120', 'ai-claude': 'stop+error 5' },
  },
];
