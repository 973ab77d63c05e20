// A finalizer that holds what it waits for; the fetch of Node 18.13.0.

import type { Repro } from '../repro/repro.ts';

export const undiciAbortSignals: Repro = {
  slug: 'undici-abort-signals',
  title: 'A fetch with a signal of its own is never collected',
  unit: new URL('./units/undici-own-signal.mjs', import.meta.url),
  packages: ['undici@5.14.0'],
  fixed: ['undici@5.15.0'],
  reference: 'https://github.com/nodejs/node/issues/46435',
  published: 'heap grows until the process ends (fetch of Node 18.13.0)',
  trigger: 'fetch with a fresh AbortSignal',
};
