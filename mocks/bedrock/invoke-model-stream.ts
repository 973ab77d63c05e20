// InvokeModelWithResponseStream: the model's own events, each in a chunk of the event stream.

import { type Operation, ProviderError } from '../provider.ts';
import { type InvokeCall, readInvoke } from './invoke-request.ts';
import type { ModelRequest } from './models/family.ts';

interface StreamCall extends InvokeCall {
  readonly stream: NonNullable<ModelRequest['stream']>;
}

const name = 'InvokeModelWithResponseStream';

export const invokeModelWithResponseStream: Operation<StreamCall> = {
  name,
  read(request, params) {
    const call = readInvoke(name, request, params);
    const { stream } = call.request;
    if (stream !== undefined) return { ...call, stream };
    throw new ProviderError('validation', 'The model is unsupported for streaming.');
  },
  answer: (call, script, request) => ({
    status: 200,
    headers: {
      'Content-Type': 'application/vnd.amazon.eventstream',
      'x-amzn-RequestId': request.requestId,
      ...call.echo,
      'X-Amzn-Bedrock-Content-Type': 'application/json',
    },
    isStreaming: true,
    ...call.stream(script),
  }),
};
