// Unread clones of a response: a collector was set for the original body, none for the clone.

import type { Repro } from '../repro/repro.ts';

export const undiciUnreadClones: Repro = {
  slug: 'undici-unread-clones',
  title: 'A response that was cloned and not read keeps its connection and what came of its body',
  unit: new URL('./units/undici-unread-clones.mjs', import.meta.url),
  packages: ['undici@6.19.7'],
  // 6.19.8 mends it by finalizers, which let go of many at once and late: too noisy to acquit.
  reference: 'https://github.com/nodejs/undici/pull/3458',
  published: '160 KB of resident memory a call',
  trigger: 'response.clone() of a body that does not fit into a socket buffer, and neither is read',
};
