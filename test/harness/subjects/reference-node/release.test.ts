// What is left in the gateway of streams that did not end well: nothing. The planted leak is the
// other side of the claim.

import { type Test, test } from 'tap';
import { startMocks } from '../../../../mocks/server.ts';
import { abortedStream } from '../../../fixtures/aborted-stream.ts';
import {
  chatModels,
  type Gateway,
  startGateway,
  until,
} from '../../../fixtures/reference-gateway.ts';

const streamCount = 30;

async function start(t: Test, env: Record<string, string> = {}) {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const gateway = await startGateway(mocks, env);
  t.teardown(async () => {
    gateway.kill();
    await mocks.close();
  });
  // Opens what stays open for good: the one gRPC channel.
  for (const model of chatModels) await (await gateway.chat(model, 'chunks=1')).text();
  return { mocks, gateway };
}

async function completeStream(gateway: Gateway, model: string, directive: string): Promise<void> {
  await (await gateway.chat(model, directive, { stream: true })).text();
}

async function many(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: streamCount }, work));
}

const endings = [
  ['complete', 'chunks=20'],
  ['truncated', 'chunks=20 fault=truncate;at=50%'],
  ['cut in a frame', 'chunks=20 fault=truncate;at=mid-frame'],
  ['ended by an exception', 'chunks=20 fault=exception;at=5'],
] as const;

for (const model of chatModels) {
  test(`${model} streams, whatever their ending, leave no socket`, async (t) => {
    const { gateway } = await start(t);
    const idle = gateway.socketCount();
    for (const [ending, directive] of endings) {
      await many(() => completeStream(gateway, model, directive));
      t.ok(await until(() => gateway.socketCount() <= idle), ending);
    }
  });

  test(`${model} streams that hang when their client leaves are cancelled at once`, async (t) => {
    const { gateway, mocks } = await start(t);
    const idle = gateway.socketCount();
    await many(() => abortedStream(gateway, model, 'chunks=20 fault=hang;at=5'));
    t.ok(await until(() => gateway.socketCount() <= idle), 'no socket is left');
    t.ok(await until(() => mocks.waitingStreams === 0), 'the provider streams are gone');
    t.ok(await until(async () => (await gateway.metric('gateway_requests_active')) === 0));
  });
}

test('the planted unread stream leaves one socket for every aborted stream', async (t) => {
  const { gateway } = await start(t, { LEAKBED_LEAK: 'unread-stream' });
  const idle = gateway.socketCount();
  // The provider would go on for minutes, so no stream ends by itself while this looks; and it
  // keeps sending, so the gateway notices at the next event that its client has left.
  await many(() => abortedStream(gateway, chatModels[0], 'chunks=5000 gap=50ms'));
  await until(async () => (await gateway.metric('gateway_requests_active')) === 0);
  const left = gateway.socketCount();
  // Of the sockets at rest some belong to clients, whose keep-alive may end meanwhile.
  t.ok(idle < streamCount && left >= streamCount, `${idle} sockets at rest, ${left} afterwards`);
});
