// A gRPC status other than OK, alone or after some messages, with Google's details when asked.
// Sources: grpc/doc/PROTOCOL-HTTP2.md (Trailers-Only), google/rpc/code.proto, error_details.proto.

import { defineInjector } from '../injector.ts';
import { choice, text, word } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import type { DetailName } from '../stream.ts';
import { grpcOnly } from './exclusions.ts';

const codes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

const detailSets = {
  usual: undefined,
  none: [],
  'error-info': ['ErrorInfo'],
  'retry-info': ['RetryInfo'],
  'quota-failure': ['QuotaFailure'],
  all: ['ErrorInfo', 'RetryInfo', 'QuotaFailure'],
} as const satisfies Readonly<Record<string, readonly DetailName[] | undefined>>;

const detailChoices = [
  'usual',
  'none',
  'error-info',
  'retry-info',
  'quota-failure',
  'all',
] as const;

export const grpcStatus = defineInjector({
  name: 'grpc-status',
  family: 'grpc',
  summary: 'Ends the call with a status of gRPC, with details.',
  options: {
    at: position('headers', 'where it comes; headers: it is the whole answer'),
    code: word('UNAVAILABLE', 'a name or number of google.rpc.Code; any other goes out as it is'),
    message: text('', "the status' text; empty: what Google says"),
    details: choice(detailChoices, 'usual', 'google.rpc messages; usual: those Google sends'),
  },
  example: 'grpc-status;at=2;code=RESOURCE_EXHAUSTED;details=all',
  isTerminal: true,
  notOn: grpcOnly,
  explain: ({ at, code }) => `sends status ${code} ${explainPosition(at)}`,
  wire: (frames, { at, code, message, details: set }, context) => {
    const name = codes[/^\d+$/.test(code) ? Number(code) : -1] ?? code;
    const isKnown = codes.some((known) => known === name);
    const details = detailSets[set];
    const hints = { ...(details && { details }), ...(!isKnown && { grpcStatus: code }) };
    const ending = { kind: 'exception', place: 'stream', name, message, hints } as const;
    return breakAt(frames, at, ending, `status ${code}`, context);
  },
});
