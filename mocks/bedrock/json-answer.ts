// Answers that are one JSON body and need no model: their content follows from the request alone.
// The model's events are let pass unread, so that faults act on these answers too.

import type { Answer, ApiRequest } from '../provider.ts';
import { createBodyCodec } from './body-codec.ts';

export function jsonHeaders({ requestId }: ApiRequest): Readonly<Record<string, string>> {
  return { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId };
}

export function jsonAnswer(request: ApiRequest, body: () => object): Answer {
  return {
    status: 200,
    headers: jsonHeaders(request),
    isStreaming: false,
    totalEvents: 1,
    codec: createBodyCodec(body),
  };
}
