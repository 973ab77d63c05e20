// The Operations service through the operations client that Google's clients carry, over gRPC and
// REST: jobs that run, are listed, cancelled and deleted. Over REST no job of video comes to its
// end: the client asks again without end for a response whose type it has no descriptor of.

import { v1 } from '@google-cloud/aiplatform';
import { test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { grpcOptions, restOptions } from '../../fixtures/vertex-clients.ts';
import { all, parent, words } from './vertex-call.ts';

const endpoint = `${parent}/endpoints/1`;

/** The name of a new job that is done after so many polls. */
async function newJob({ url }: Mocks, polls: number): Promise<string> {
  const body = JSON.stringify({ instances: [{ prompt: words(`polls=${polls}`) }] });
  const answer = await fetch(`${url}/v1/${endpoint}:predictLongRunning`, { method: 'POST', body });
  return ((await answer.json()) as { name: string }).name;
}

/** What of an operation can be compared. */
const stateOf = ({ name, done, error }: { name?: unknown; done?: unknown; error?: unknown }) => ({
  name,
  isDone: done === true,
  code: (error as { code?: number } | null)?.code,
});

for (const [transport, options] of [
  ['grpc', grpcOptions],
  ['rest', restOptions],
] as const) {
  test(`the operations of Vertex AI over ${transport}`, async (t) => {
    const mocks = await startMocks({ port: 0, seed: 1 });
    const client = new v1.EndpointServiceClient(options(mocks));
    await client.initialize();
    t.teardown(async () => {
      await client.close();
      await mocks.close();
    });
    const { operationsClient } = client;
    const read = async (name: string) => {
      const [operation] = await operationsClient.getOperation({ name } as never);
      return stateOf(operation);
    };
    const job = await newJob(mocks, 10);

    await t.test('a job runs until it was asked about as often as its script says', async (t) => {
      t.match(await read(job), { name: job, isDone: false });
      if (transport === 'rest') return;
      const shorter = await newJob(mocks, 2);
      t.match(
        [await read(shorter), await read(shorter)],
        [{ isDone: false }, { isDone: true, code: undefined }],
      );
      await operationsClient.deleteOperation({ name: shorter } as never);
    });

    await t.test('jobs are listed', async (t) => {
      const listed = operationsClient.listOperationsAsync({ name: endpoint } as never);
      const found = await all(listed as unknown as AsyncIterable<{ name: string }>);
      t.same(
        found.map(({ name }) => name),
        [job],
      );
    });

    await t.test('a cancelled job is done with CANCELLED', async (t) => {
      const other = await newJob(mocks, 2);
      await operationsClient.cancelOperation({ name: other } as never);
      t.match(await read(other), { isDone: true, code: 1 });
    });

    await t.test('a deleted job is not found', async (t) => {
      await operationsClient.deleteOperation({ name: job } as never);
      await t.rejects(read(job), { code: 5 });
    });
  });
}
