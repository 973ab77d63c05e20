// A transport that was closed stays in the registry of channelz.

import type { Repro } from '../repro/repro.ts';

export const grpcChannelzSockets: Repro = {
  slug: 'grpc-channelz-sockets',
  title: 'A closed client leaves its transport in the registry of channelz',
  unit: new URL('./units/grpc-client-per-call.mjs', import.meta.url),
  packages: ['@grpc/grpc-js@1.8.12'],
  fixed: ['@grpc/grpc-js@1.8.13'],
  reference: 'https://github.com/grpc/grpc-node/pull/2394',
  published: 'a transport a call; no size given',
  trigger: 'a client for every call, closed after it',
};
