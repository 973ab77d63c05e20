// Faults inside a valid HTTP answer, row by row: the server says something wrong in the right form.
// Several outcomes are surprising, which is why gateways leak or lie there.

import {
  breaks,
  checksumMismatch,
  type FaultRow,
  fails,
  handlers,
  incomplete,
  ok,
  sdk,
  sdks,
  truncated,
  whole,
} from './cell.ts';

const messageChecksum = /^Error: The message checksum \(\d+\) did not match the expected value of/;
const preludeChecksum = /^Error: The prelude checksum specified in the message \(\d+\) does not/;
const tooShort = /^Error: Provided message too short to accommodate event stream message overhead/;
/** The AI SDK reads ahead of what it hands out, and an error overtakes it. */
const ai = (error: RegExp) => breaks(4, error);

const exceptionRows: readonly FaultRow[] = [
  {
    fault: 'exception;at=3;name=throttling',
    what: 'a modelled exception after three events',
    cells: {
      ...sdk(fails(3, /^ThrottlingException: Too many requests/)),
      anthropic: fails(3, /^APIError: .*"type":"throttlingException"/),
      'ai-sdk': fails(4, /^AI_StreamProviderError: Too many requests/),
      boto3: fails(3, botoError('throttlingException')),
    },
  },
  {
    fault: 'exception;at=3;name=throttling;end=open',
    what: 'a modelled exception, and the message is never ended',
    cells: {
      ...sdk(fails(3, /^ThrottlingException: Too many requests/)),
      anthropic: fails(3, /^APIError: .*"type":"throttlingException"/),
      'ai-sdk': fails(4, /^AI_StreamProviderError: Too many requests/),
      boto3: fails(3, botoError('throttlingException')),
    },
  },
  {
    fault: 'exception;at=3;name=internal;message=boom',
    what: 'a modelled exception with a text of its own',
    cells: {
      ...sdk(fails(3, /^InternalServerException: boom$/)),
      anthropic: fails(3, /"type":"internalServerException","message":"boom"/),
      'ai-sdk': fails(4, /^AI_StreamProviderError: boom$/),
      boto3: fails(3, botoError('internalServerException')),
    },
  },
  {
    fault: 'exception;at=3;name=model-error',
    what: 'the model fails while it streams',
    cells: {
      ...sdk(fails(3, /^ModelStreamErrorException: An error occurred while streaming/)),
      anthropic: fails(3, /"type":"modelStreamErrorException"/),
      'ai-sdk': fails(4, /^AI_StreamProviderError: An error occurred/),
      boto3: fails(3, botoError('modelStreamErrorException')),
    },
  },
  {
    fault: 'exception;at=3;name=timeout',
    what: 'an exception that InvokeModel models and ConverseStream does not',
    cells: {
      ...handlers(fails(3, /^modelTimeoutException: \{"message":/)),
      'sdk-invoke': fails(3, /^ModelTimeoutException: The request took too long/),
      anthropic: fails(3, /"type":"modelTimeoutException"/),
      'ai-sdk': ok(4, 'other'),
      boto3: fails(3, botoError('')),
    },
  },
  {
    fault: 'exception;at=3;name=ThrottlingException',
    what: 'a name in the wrong case, which no SDK takes for the modelled one',
    cells: {
      ...sdk(fails(3, /^ThrottlingException: \{"message":"Too many requests/)),
      anthropic: fails(3, /"type":"ThrottlingException","message":"\{/),
      'ai-sdk': ok(4, 'other'),
      boto3: fails(3, botoError('')),
    },
  },
  {
    fault: 'exception;at=3;name=unmodelled.InternalFailure;message=boom',
    what: 'a message of the type error',
    cells: {
      ...sdk(fails(3, /^InternalFailure: boom$/)),
      anthropic: fails(3, /^APIError: .*"type":"InternalFailure","message":"boom"/),
      'ai-sdk': ok(3, 'other'),
      boto3: fails(3, botoError('InternalFailure')),
    },
  },
  {
    fault: 'exception;at=0;name=throttling',
    what: 'throttling as the first event, which the AWS SDK retries',
    cells: {
      ...sdk(fails(0, /^ThrottlingException: Too many requests/, 3)),
      anthropic: fails(0, /"type":"throttlingException"/),
      'ai-sdk': fails(1, /^AI_StreamProviderError: Too many requests/),
      boto3: fails(0, botoError('throttlingException')),
    },
  },
  {
    fault: 'exception;at=0;name=internal',
    what: 'another exception as the first event, which nobody retries',
    cells: {
      ...sdk(fails(0, /^InternalServerException: /)),
      anthropic: fails(0, /"type":"internalServerException"/),
      'ai-sdk': fails(1, /^AI_StreamProviderError: The system encountered/),
      boto3: fails(0, botoError('internalServerException')),
    },
  },
];

const damagedRows: readonly FaultRow[] = [
  {
    fault: 'corrupt;at=3;region=headers;offset=-1;checks=mended',
    what: 'an unknown message type',
    cells: {
      ...sdks(fails(2, /^Error: Unrecognizable event type: (contentBlockDelta|chunk)$/)),
      'ai-sdk': ok(9, 'stop'),
      boto3: ok(10),
    },
  },
  {
    fault: 'corrupt;at=3;region=headers;offset=-21;checks=mended',
    what: 'no message type',
    cells: {
      ...sdks(fails(2, /^TypeError: Cannot destructure property 'value' of/)),
      'ai-sdk': ok(9, 'stop'),
      boto3: ok(10),
    },
  },
  {
    fault: 'corrupt;at=3;region=headers;offset=15;checks=mended',
    what: 'an event of an unknown type, which everybody skips',
    cells: { ...whole(-1), 'ai-sdk': ok(10, 'stop') },
  },
  {
    fault: 'malformed-json;at=3',
    what: 'JSON that does not end',
    cells: {
      ...sdks(fails(2, /^SyntaxError: Expected ',' or '}' after property value in JSON/)),
      'ai-sdk': breaks(3, /^AI_JSONParseError: JSON parsing failed/),
      boto3: ok(10),
    },
  },
  ...[
    { region: 'message-crc', error: messageChecksum },
    { region: 'payload', error: messageChecksum },
    { region: 'headers', error: messageChecksum },
    { region: 'prelude-crc', error: preludeChecksum },
  ].map(({ region, error }) => ({
    fault: `corrupt;at=3;region=${region}`,
    what: `a flipped bit in the ${region}`,
    cells: { ...sdks(fails(2, error)), 'ai-sdk': ai(error), boto3: fails(2, checksumMismatch) },
  })),
  {
    fault: 'corrupt;at=1;region=message-crc',
    what: 'a wrong checksum in the first event, which nobody retries',
    cells: {
      ...sdks(fails(0, messageChecksum)),
      'ai-sdk': fails(0, messageChecksum),
      boto3: fails(0, checksumMismatch),
    },
  },
  {
    fault: 'lie;at=3;length=0',
    what: 'a declared length of 0',
    cells: {
      ...sdks(fails(2, /^RangeError: Offset is outside the bounds of the DataView$/)),
      'ai-sdk': ai(tooShort),
      boto3: fails(2, checksumMismatch),
    },
  },
  {
    fault: 'lie;at=3;length=15',
    what: 'a declared length that is too short for any message',
    cells: {
      ...sdks(fails(2, tooShort)),
      'ai-sdk': ai(tooShort),
      boto3: fails(2, checksumMismatch),
    },
  },
  ...['+7', '-5'].map((length) => ({
    fault: `lie;at=3;length=${length}`,
    what: `a declared length off by ${length}`,
    cells: {
      ...sdks(fails(2, preludeChecksum)),
      'ai-sdk': ai(preludeChecksum),
      boto3: fails(2, checksumMismatch),
    },
  })),
  {
    fault: 'lie;at=3;length=max',
    what: 'a declared length of 4 GiB',
    cells: {
      ...sdks(fails(2, truncated)),
      'ai-sdk': ai(incomplete),
      boto3: fails(2, checksumMismatch),
    },
  },
];

const endRows: readonly FaultRow[] = [
  {
    fault: 'truncate;at=3;end=clean',
    what: 'a clean end after three events, which nobody notices',
    cells: { ...sdks(ok(3)), 'ai-sdk': ok(3, 'other'), boto3: ok(3) },
  },
  {
    fault: 'truncate;at=0;end=clean',
    what: 'an empty stream, which nobody notices',
    cells: { ...sdks(ok(0)), 'ai-sdk': ok(0, 'other'), boto3: ok(0) },
  },
  {
    fault: 'truncate;at=mid-frame:3;end=clean',
    what: 'a clean end inside the fourth event',
    cells: { ...sdks(fails(3, truncated)), 'ai-sdk': breaks(3, incomplete), boto3: ok(3) },
  },
  {
    fault: 'truncate;at=2B;end=clean',
    what: 'a clean end inside the four bytes of a length, which one client notices',
    cells: { ...sdks(ok(0)), 'ai-sdk': fails(0, incomplete), boto3: ok(0) },
  },
  {
    fault: 'status;code=200',
    what: 'a JSON document in place of the stream, whose length nobody can mean',
    cells: {
      ...sdk(fails(0, /^Error: Truncated event message received\./)),
      anthropic: ok(0),
      'ai-sdk': fails(0, incomplete),
      boto3: fails(0, checksumMismatch),
    },
  },
  {
    fault: 'garbage;bytes=2',
    what: 'two bytes too many, which one client notices',
    cells: { ...whole(), 'ai-sdk': breaks(10, incomplete) },
  },
  {
    fault: 'garbage;bytes=9',
    what: 'nine bytes too many',
    cells: {
      ...handlers(fails(10, truncated)),
      'sdk-invoke': fails(11, truncated),
      anthropic: fails(11, truncated),
      'ai-sdk': breaks(10, incomplete),
      boto3: ok(10),
    },
  },
  {
    fault: 'garbage;at=3;bytes=9',
    what: 'nine bytes between two events, after which nothing is understood',
    cells: {
      ...sdks(fails(3, truncated)),
      'ai-sdk': breaks(3, incomplete),
      boto3: fails(3, checksumMismatch),
    },
  },
];

const harmlessRows: readonly FaultRow[] = [
  { fault: 'noop', what: 'nothing happens', cells: whole() },
  { fault: 'slow;gap=5ms', what: 'a pause before every event', cells: whole() },
  { fault: 'stall;at=3;for=50ms', what: 'a short silence', cells: whole() },
  { fault: 'duplicate;at=3', what: 'an event comes twice', cells: whole(1) },
  { fault: 'duplicate;at=2;where=end', what: 'an event after the last', cells: whole(1) },
  { fault: 'reorder;at=3', what: 'two events change places', cells: whole() },
  { fault: 'drop;at=3', what: 'an event is missing', cells: whole(-1) },
  { fault: 'drop;at=1', what: 'the first event is missing', cells: whole(-1) },
  {
    fault: 'no-stop',
    what: 'no stop reason: ConverseStream lacks two events, the Messages stream one',
    cells: { ...whole(-1, 'other'), ...converse(8, 'other') },
  },
  {
    fault: 'no-usage',
    what: 'no usage: ConverseStream lacks an event, the Messages stream a field',
    cells: { ...whole(), ...converse(9, 'stop') },
  },
  { fault: 'coalesce;count=4', what: 'four events at a time', cells: whole() },
  { fault: 'split;bytes=1', what: 'one byte per write', cells: whole() },
  {
    fault: 'wrong-content-type',
    what: 'another content type: all but one client ignore it, and that one sees nothing',
    cells: { ...whole(), anthropic: ok(0) },
  },
  {
    fault: 'oversize;size=16MiB;at=2',
    what: 'one event of 16 MiB',
    cells: withoutAi(whole()),
  },
  // The AI SDK copies all it holds with every read: the time grows with the square of the size.
  {
    fault: 'oversize;size=2MiB;at=2',
    what: 'one event of 2 MiB',
    cells: { 'ai-sdk': ok(10, 'stop') },
  },
];

/** More than botocore takes; seconds for the others, and for the AI SDK minutes. */
export const largeRows: readonly FaultRow[] = [24, 64].map((mebibytes) => ({
  fault: `oversize;size=${mebibytes}MiB;at=2`,
  what: `one event of ${mebibytes} MiB`,
  cells: { ...withoutAi(whole()), boto3: fails(2, /^InvalidPayloadLength: /) },
}));

/** boto3 has one class for them all, and no code for what its model does not have. */
function botoError(code: string): RegExp {
  return new RegExp(`^EventStreamError: An error occurred \\(${code}\\) when calling`);
}

function withoutAi({ 'ai-sdk': _ai, ...others }: ReturnType<typeof whole>) {
  return others;
}

/** The clients that speak ConverseStream. */
function converse(events: number, finish: string) {
  return { ...handlers(ok(events)), 'ai-sdk': ok(events, finish), boto3: ok(events) };
}

export const inBandRows = [...exceptionRows, ...damagedRows, ...endRows, ...harmlessRows];
