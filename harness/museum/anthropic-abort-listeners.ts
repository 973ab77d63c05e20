// A listener on the signal of the application, and what its closure sees: the request.

import type { Repro } from '../repro/repro.ts';

export const anthropicAbortListeners: Repro = {
  slug: 'anthropic-abort-listeners',
  title: 'Every request leaves a listener, and its own body, on the AbortSignal it was given',
  unit: new URL('./units/anthropic-shared-signal.mjs', import.meta.url),
  packages: ['@anthropic-ai/sdk@0.72.1'],
  // 0.73.0 keeps the controller of each call, 1.0.0 nothing.
  fixed: ['@anthropic-ai/sdk@1.0.0'],
  reference: 'https://github.com/anthropics/anthropic-sdk-typescript/pull/895',
  published: 'the body of a call and more; no size given',
  trigger: 'many calls with one AbortSignal',
};
