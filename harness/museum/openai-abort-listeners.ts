// A listener on the signal of the application for every request that succeeds.

import type { Repro } from '../repro/repro.ts';

export const openaiAbortListeners: Repro = {
  slug: 'openai-abort-listeners',
  title: 'Every request leaves a listener on the AbortSignal it was given',
  unit: new URL('./units/openai-shared-signal.mjs', import.meta.url),
  packages: ['openai@7.4.0'],
  fixed: ['openai@7.6.0'],
  reference: 'https://github.com/openai/openai-node/issues/1811',
  published: 'one listener a call; no size given',
  trigger: 'many calls with one AbortSignal',
};
