// InvokeModel: the model's own body as the whole answer, with Bedrock's counts in headers.

import type { Operation } from '../provider.ts';
import { extrasOf, type InvokeCall, readInvoke } from './invoke-request.ts';
import { writing } from './prompt-cache/use-cache.ts';
import { invocationHeaders } from './usage.ts';

export const invokeModel: Operation<InvokeCall> = {
  name: 'InvokeModel',
  read: (request, params) => readInvoke('InvokeModel', request, params),
  answer: (call, script, request) => ({
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-RequestId': request.requestId,
      ...call.echo,
      // An embedding has no tokens to count in its answer, nor has it a stream.
      ...invocationHeaders(script, call.request.stream !== undefined, call.cached),
    },
    isStreaming: false,
    totalEvents: 1,
    codec: writing(call.request.answer(script, extrasOf(call, script)), call.cached),
  }),
};
