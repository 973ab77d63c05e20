// Every call of @google-cloud/aiplatform in both versions over gRPC and REST, and the table of it.

import { v1, v1beta1 } from '@google-cloud/aiplatform';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { grpcOptions, restOptions } from '../../fixtures/vertex-clients.ts';
import { vertexCalls } from './calls.ts';
import { clientsOf } from './vertex-call.ts';

const versions = ['v1', 'v1beta1'] as const;

test('aiplatform, call by call', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const rows: string[] = [];
  for (const [transport, options] of [
    ['grpc', grpcOptions(mocks)],
    ['rest', restOptions(mocks)],
  ] as const) {
    for (const version of versions) {
      const clients = clientsOf({ v1, v1beta1 }, version, options);
      for (const call of vertexCalls) {
        if (call.versions?.includes(version) === false) continue;
        if (call.transports?.includes(transport) === false) continue;
        await t.test(`${call.name}, ${version} over ${transport}`, async (t) => {
          const isRight = t.match(await call.run(clients), call.wanted);
          rows.push(`${transport} ${version.padEnd(7)} ${call.name}: ${isRight ? 'ok' : 'WRONG'}`);
        });
      }
      await clients.close();
    }
  }
  t.comment(`\n${rows.join('\n')}`);
});
