// A timer of a session outlives the session that was destroyed.

import type { Repro } from '../repro/repro.ts';

export const smithyDrainedSessions: Repro = {
  slug: 'smithy-drained-sessions',
  title: 'Destroyed HTTP/2 sessions stay until their timer of 300 s fires',
  unit: new URL('./units/smithy-drained-stream.mjs', import.meta.url),
  packages: ['@smithy/node-http-handler@4.12.0'],
  fixed: ['@smithy/node-http-handler@4.12.1'],
  releaseSeconds: 300,
  reference: 'https://github.com/smithy-lang/smithy-typescript/issues/2258',
  published: '2.7 KB a call, for 300 s',
  trigger: 'an event-stream call that is read to its end',
};
