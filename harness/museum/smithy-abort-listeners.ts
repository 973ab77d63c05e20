// A listener on the signal of the application for every request, and none is removed.

import type { Repro } from '../repro/repro.ts';

export const smithyAbortListeners: Repro = {
  slug: 'smithy-abort-listeners',
  title: 'Every request leaves a listener on the AbortSignal it was given',
  unit: new URL('./units/smithy-shared-signal.mjs', import.meta.url),
  packages: ['@smithy/node-http-handler@3.1.1'],
  fixed: ['@smithy/node-http-handler@3.1.2'],
  reference: 'https://github.com/smithy-lang/smithy-typescript/pull/1318',
  published: 'one listener a call; no size given',
  trigger: 'many calls with one AbortSignal',
};
