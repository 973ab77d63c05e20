// A cache of answers, so that the same question need not be asked twice, with no bound: what it
// keeps is as large as what was answered.

import { type Leak, requestState } from './leak.ts';

export const answerCache: Leak = {
  kind: 'leak',
  name: 'answer-cache',
  summary: 'Keeps every answer with its request in a cache that is never trimmed.',
  resource: 'heapBytes',
  plant(host) {
    const cache = new Map<string, { readonly request: object; readonly pieces: string[] }>();
    host.onRequest((request) =>
      cache.set(request.id, { request: requestState(request), pieces: [] }),
    );
    host.onText((requestId, text) => cache.get(requestId)?.pieces.push(text));
  },
};
