// Every event-stream call opens a session, and none is closed.

import type { Repro } from '../repro/repro.ts';

export const smithyPooledSessions: Repro = {
  slug: 'smithy-pooled-sessions',
  title: 'The HTTP/2 session of every event-stream call stays open',
  unit: new URL('./units/smithy-drained-stream.mjs', import.meta.url),
  packages: ['@smithy/node-http-handler@4.5.3'],
  fixed: ['@smithy/node-http-handler@4.6.0'],
  reference: 'https://github.com/smithy-lang/smithy-typescript/pull/1962',
  published: 'one open session a call',
  trigger: 'an event-stream call that is read to its end',
};
