// InvokeModelWithResponseStream: the model's own events, each in a chunk of the event stream.

import { type Operation, ProviderError } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { extrasOf, type InvokeCall, readInvoke } from './invoke-request.ts';
import type { ModelRequest } from './models/family.ts';
import { writing } from './prompt-cache/use-cache.ts';

interface StreamCall extends InvokeCall {
  readonly stream: NonNullable<ModelRequest['stream']>;
}

function streamOf(call: StreamCall, script: StreamScript) {
  const { codec, totalEvents } = call.stream(script, extrasOf(call, script));
  return { codec: writing(codec, call.cached), totalEvents };
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
    ...streamOf(call, script),
  }),
};
