// Bare @grpc/grpc-js with its defaults: a gRPC client that knows nothing of Google.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { grpcJsStream } from '../../fixtures/vertex-clients.ts';
import { streamCells } from './fault-cells.ts';

test('grpc-js', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());

  for (const { fault, js } of streamCells) {
    t.test(`a stream under ${fault} ends as: ${js}`, async (t) => {
      t.equal(await grpcJsStream(mocks, `chunks=5 fault=${fault}`), js);
    });
  }

  t.test('nothing of all these streams is left in flight', async (t) => {
    const deadline = performance.now() + 2000;
    while (mocks.journal.inFlight().length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    t.same(mocks.journal.inFlight(), []);
    t.equal(mocks.waitingStreams, 0);
  });
});
