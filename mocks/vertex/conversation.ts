// A bidirectional gRPC call: each message of the client is read and answered like a call of its
// own, one after another, in one stream. What later messages leave out, the first one said.

import { encodingOf, grpcMessageLimitBytes, grpcUnframer } from '../codec/grpc.ts';
import type { ApiRequest, Session } from '../provider.ts';
import { grpcHeaders } from './headers.ts';
import type { FoundMethod } from './methods.ts';
import type { BoundOperation } from './operations.ts';
import { invocationOf } from './request.ts';

export function openConversation(
  request: ApiRequest,
  found: FoundMethod,
  operation: BoundOperation,
): Session {
  const unframer = grpcUnframer(grpcMessageLimitBytes, encodingOf(request.headers));
  let opening: Buffer | undefined;
  return {
    model: '',
    headers: grpcHeaders,
    receive: (bytes) =>
      unframer.push(bytes).map((message) => {
        // A copy: the message is a view of a whole network read.
        opening ??= Buffer.from(message);
        return operation(invocationOf({ ...request, body: message }, found, opening));
      }),
    end: unframer.end,
    // Errors are in the trailers.
    exception: () => [],
  };
}
