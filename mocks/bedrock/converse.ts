// Converse: the whole answer as one JSON body, keys in alphabetical order as the service has them.

import type { Operation } from '../provider.ts';
import { createBodyCodec } from './body-codec.ts';
import { readConverse } from './converse-request.ts';
import { stopReasons } from './stop-reason.ts';
import { converseUsage, latencyMs } from './usage.ts';

export const converse: Operation = {
  name: 'Converse',
  read: (request, params) => readConverse('Converse', request, params),
  answer: (_call, script, request) => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'x-amzn-RequestId': request.requestId },
    isStreaming: false,
    totalEvents: 1,
    codec: createBodyCodec(({ text, stopReason, usage }) => ({
      metrics: { latencyMs: latencyMs(script) },
      output: { message: { content: text === '' ? [] : [{ text }], role: 'assistant' } },
      ...(stopReason && { stopReason: stopReasons[stopReason] }),
      ...(usage && { usage: converseUsage(usage) }),
    })),
  }),
};
