// An upstream that is neither Bedrock nor Vertex AI, as far as its path tells: its bytes can be
// disturbed all the same, and only errors have no words of its own.

import type { Call, Provider } from '../provider.ts';

const statuses: Readonly<Record<string, number>> = {
  validation: 400,
  'access-denied': 403,
  'not-found': 404,
  throttling: 429,
  quota: 429,
  timeout: 504,
  unavailable: 502,
};

export const foreign: Provider = {
  name: 'upstream',
  prefixes: [],
  services: [],
  operations: [],
  framings: {},
  route: () => undefined,
  errorAnswer: (name, message, _request, hints) => ({
    status: hints?.status ?? statuses[name] ?? 500,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ error: { type: name, message } })),
  }),
};

/** What a request's path tells of it, without its body: both services name the model there. */
export function callInPath(operation: string, rawPath: string): Call {
  const model = /\/models?\/([^/:]+(?:%3A[^/:]+)?)/i.exec(rawPath)?.[1] ?? '';
  return { operation, model: decoded(model), prompt: '', inputTokens: 0 };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
