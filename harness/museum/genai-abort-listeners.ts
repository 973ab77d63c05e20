// A listener on the signal of the application for every successful request.

import type { Repro } from '../repro/repro.ts';

export const genaiAbortListeners: Repro = {
  slug: 'genai-abort-listeners',
  title: 'Every request leaves a listener on the AbortSignal it was given',
  unit: new URL('./units/genai-shared-signal.mjs', import.meta.url),
  packages: ['@google/genai@3.1.0'],
  reference: 'https://github.com/googleapis/js-genai/issues/1918',
  published: 'one listener a call; no size given, not mended',
  trigger: 'many calls with one AbortSignal',
};
