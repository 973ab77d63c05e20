// The fake of Bedrock Runtime (API 2023-09-30). Stateless: every answer follows from its request,
// the script and the seed.

import type { Provider } from '../provider.ts';
import { errorAnswer } from './errors.ts';
import { findOperation, operationNames } from './operations.ts';

export const bedrock: Provider = {
  name: 'bedrock',
  prefixes: [
    'model',
    'guardrail',
    'guardrail-checks',
    'async-invoke',
    'foundation-models',
    'inference-profiles',
  ],
  services: [],
  operations: operationNames,
  framings: { 'event-stream': ['http1', 'http2'], body: ['http1', 'http2'] },
  route: findOperation,
  errorAnswer: (name, message, request) => errorAnswer(name, message, request.requestId),
};
