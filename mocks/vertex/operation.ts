// What an operation of the fake is, and the two commonest kinds of answer: one message, and one
// message made of all the model said. Operations speak plain JSON; the wire is chosen here.

import { grpcFrame } from '../codec/grpc.ts';
import type { Answer, Call, EncodedFrame } from '../provider.ts';
import { type Collected, createCollector } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { grpcHeaders, jsonHeaders } from './headers.ts';
import { bodyFrame, wantsNumericEnums } from './json.ts';
import { fromProtoJson, withNumericEnums } from './proto-json.ts';
import { encodeWithPrefix, messageType } from './protos.ts';
import type { Invocation } from './request.ts';

export interface VertexOperation<C extends Call = Call> {
  /** Validates as the real service does; throws a ProviderError for what that would refuse. */
  read(invocation: Invocation): C;
  answer(call: C, script: StreamScript, invocation: Invocation): Answer;
}

/** One message that no event adds to; faults see it as one frame. */
export function messageAnswer(invocation: Invocation, json: () => object): Answer {
  return collectedAnswer(invocation, json);
}

/** One message made of everything the model said. */
export function collectedAnswer(
  invocation: Invocation,
  json: (collected: Collected) => object,
): Answer {
  const collector = createCollector();
  return {
    status: 200,
    headers: invocation.request.transport === 'grpc' ? grpcHeaders : jsonHeaders,
    codec: {
      encode(event) {
        collector.add(event);
        return [];
      },
      finish: () => [messageFrame(invocation, json(collector.collected()))],
      // An error of a unary answer replaces the answer, so none is ever spelled inside it.
      exception: () => [],
    },
    isStreaming: false,
    totalEvents: 1,
    mayCompress: true,
  };
}

function messageFrame(invocation: Invocation, json: object): EncodedFrame {
  if (invocation.request.transport !== 'grpc') return bodyFrame(restShape(invocation, json));
  return grpcFrame('body', encodeResponse(invocation, json));
}

/** JSON as this REST client wants it. */
export function restShape({ request, method }: Invocation, json: object): object {
  if (method.types === undefined || !wantsNumericEnums(request)) return json;
  return withNumericEnums(messageType(method.types.response), json);
}

/** The response message with room for gRPC's prefix in front. */
export function encodeResponse({ method }: Invocation, json: object): Buffer {
  const type = messageType(method.types?.response ?? '');
  return encodeWithPrefix(type, type.fromObject(fromProtoJson(type, json)));
}
