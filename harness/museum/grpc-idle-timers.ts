// A channel that was closed is kept by its idle timer of 30 minutes.

import type { Repro } from '../repro/repro.ts';

export const grpcIdleTimers: Repro = {
  slug: 'grpc-idle-timers',
  title: 'A closed client stays until its idle timer of 30 min fires',
  unit: new URL('./units/grpc-client-per-call.mjs', import.meta.url),
  packages: ['@grpc/grpc-js@1.9.7'],
  fixed: ['@grpc/grpc-js@1.9.8'],
  releaseSeconds: 1800,
  reference: 'https://github.com/grpc/grpc-node/pull/2606',
  published: 'a client a call; no size given',
  trigger: 'a client for every call, closed after it',
};
