// gRPC against the rules, cell by cell: Google's SDK and bare grpc-js, a server for each row where
// a fault is for the whole connection.

import { type Test, test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  grpcJsStream,
  grpcOptions,
  predictionClients,
  sdkStream,
  sdkUnary,
} from '../../fixtures/vertex-clients.ts';
import {
  connectionCells,
  type GrpcCell,
  messageCells,
  settingCells,
  statusCells,
} from './grpc-cells.ts';

interface Server extends AsyncDisposable {
  readonly mocks: Mocks;
  readonly client: ReturnType<typeof predictionClients>['v1'];
}

async function serve(): Promise<Server> {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const { v1, v1beta1 } = predictionClients(grpcOptions(mocks));
  return {
    mocks,
    client: v1,
    async [Symbol.asyncDispose]() {
      await Promise.all([v1.close(), v1beta1.close()]);
      await mocks.close();
    },
  };
}

function check(
  { fault, grpc, js = grpc, unary, requests = 1 }: GrpcCell,
  use: <T>(ask: (server: Server) => Promise<T>) => Promise<T>,
  test: (title: string, body: (t: Test) => Promise<void>) => unknown,
): void {
  const words = `chunks=5 fault=${fault}`;
  test(`a stream under ${fault} ends as: ${grpc}`, async (t) => {
    t.equal(await use(({ client }) => sdkStream(client, words)), grpc);
  });
  test(`a stream through bare grpc-js under ${fault} ends as: ${js}`, async (t) => {
    t.equal(await use(({ mocks }) => grpcJsStream(mocks, words)), js);
  });
  if (unary === undefined) return;
  test(`a unary call under ${fault} ends as: ${unary}`, async (t) => {
    const isWaitedOut = unary === 'error 4' && fault.startsWith('duplicate');
    await use(async ({ mocks, client }) => {
      const before = mocks.journal.lastSequence;
      t.equal(await sdkUnary(client, words, isWaitedOut ? 700 : undefined), unary);
      t.equal(mocks.journal.lastSequence - before, requests);
    });
  });
}

test('what is wrong with one call leaves the connection as it is', async (t) => {
  const server = await serve();
  t.teardown(() => server[Symbol.asyncDispose]());
  for (const cell of [...messageCells, ...statusCells]) {
    check(
      cell,
      (ask) => ask(server),
      (title, body) => t.test(title, body),
    );
  }
});

for (const cell of connectionCells) {
  const alone = async <T>(ask: (server: Server) => Promise<T>) => {
    await using server = await serve();
    return await ask(server);
  };
  check(cell, alone, test);
}

for (const { fault, next } of settingCells) {
  test(`after ${fault} the next call on the connection ends as: ${next}`, async (t) => {
    await using server = await serve();
    t.equal(await sdkUnary(server.client, `chunks=5 fault=${fault}`), 'ok 120');
    t.equal(await sdkUnary(server.client, 'chunks=5', 700), next);
    t.equal(server.mocks.journal.lastSequence, 1, 'and never comes');
  });
}
