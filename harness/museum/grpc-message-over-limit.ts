// CVE-2024-37168: the limit is looked at once a message is whole, so a slow one is kept in full.

import type { Repro } from '../repro/repro.ts';

export const grpcMessageOverLimit: Repro = {
  slug: 'grpc-message-over-limit',
  title: 'A message over the limit is buffered before it is refused',
  unit: new URL('./units/grpc-message-over-limit.mjs', import.meta.url),
  packages: ['@grpc/grpc-js@1.10.8'],
  fixed: ['@grpc/grpc-js@1.10.9'],
  reference: 'https://github.com/grpc/grpc-node/security/advisories/GHSA-7v5v-9h63-cj86',
  published: 'a message of any size a call',
  trigger: 'a message over grpc.max_receive_message_length that never ends',
};
