// The asyncio channel of grpcio does not release the credentials that it was made with.

import type { Repro } from '../repro/repro.ts';

export const grpcioChannelCredentials: Repro = {
  slug: 'grpcio-channel-credentials',
  title: 'A closed secure channel of grpc.aio keeps its credentials',
  language: 'python',
  unit: new URL('./units/grpc_secure_channel.py', import.meta.url),
  packages: ['grpcio@1.50.0', 'six@1.17.0'],
  fixed: ['grpcio@1.51.0'],
  reference: 'https://github.com/grpc/grpc/issues/28747',
  published: 'memory rises with every channel; no size given',
  trigger: 'a secure channel for every call, closed after it',
};
