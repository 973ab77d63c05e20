// Unread clones of a response: tee'd streams that nothing collects.

import type { Repro } from '../repro/repro.ts';

export const undiciUnreadClones: Repro = {
  slug: 'undici-unread-clones',
  title: 'undici keeps cloned responses that nobody reads',
  unit: new URL('./units/undici-unread-clones.mjs', import.meta.url),
  packages: ['undici@6.19.7'],
  fixed: ['undici@6.19.8'],
  faults: [],
  reference: 'https://github.com/nodejs/undici/issues/3458',
  published: 'heap grows until the process ends',
  trigger: 'response.clone() and neither branch read',
  expected: 'leak',
};
