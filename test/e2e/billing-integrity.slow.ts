// Billing integrity with a real Postgres 15 behind the reference gateway: the database stopped
// under load and started again, the gateway told to stop or killed while the database is away. The
// ledger is complete, or what is missing is known to the event. The outage of 60 s is scaled to
// OUTAGE_SECONDS, 4 by default.

import { type Test, test } from 'tap';
import { sleep } from '../../injectors/determinism.ts';
import { startMocks } from '../../mocks/server.ts';
import { noPostgres, startPostgres } from '../fixtures/postgres.ts';
import { type Answered, integritySentence, reconcile } from '../fixtures/reconcile.ts';
import { chatModels, startGateway, until } from '../fixtures/reference-gateway.ts';
import { ledgerRows } from '../fixtures/stalled-gateway.ts';

const skip = noPostgres;
const outageMs = Number(process.env.OUTAGE_SECONDS ?? 4) * 1000;

async function setUp(t: Test) {
  const postgres = await startPostgres();
  t.teardown(() => postgres[Symbol.asyncDispose]());
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const start = async () => {
    const gateway = await startGateway(mocks, { DATABASE_URL: postgres.url });
    t.teardown(() => gateway.kill());
    return gateway;
  };
  const answered: Answered[] = [];
  let asked = 0;
  const ask = async (gateway: Awaited<ReturnType<typeof startGateway>>) => {
    asked += 1;
    const id = `event-${asked}`;
    const answer = await gateway.request(
      '/api/v1/chat/completions',
      { model: chatModels[0], messages: [{ role: 'user', content: '[[leakbed chunks=2]]' }] },
      { 'x-request-id': id },
    );
    t.equal(answer.status, 200, id);
    const { usage } = (await answer.json()) as {
      usage: { prompt_tokens: number; completion_tokens: number };
    };
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
    answered.push({ id, inputTokens, outputTokens });
  };
  return { postgres, start, ask, answered };
}

test('a database that is away under load: the ledger is complete afterwards', {
  skip,
}, async (t) => {
  const { postgres, start, ask, answered } = await setUp(t);
  const gateway = await start();
  for (let index = 0; index < 20; index += 1) await ask(gateway);
  await postgres.stop('immediate');
  const until = performance.now() + outageMs;
  while (performance.now() < until) {
    await ask(gateway);
    await sleep(20);
  }
  t.ok((await gateway.metric('billing_queue_depth')) > 10, 'the queue holds what is not written');
  await postgres.start();
  for (let index = 0; index < 20; index += 1) await ask(gateway);
  while ((await gateway.metric('billing_queue_depth')) > 0) await sleep(20);
  const found = reconcile(answered, await ledgerRows(postgres));
  t.match(found, { lost: [], duplicated: [], wrong: [], unasked: [] }, integritySentence(found));
});

test('a gateway told to stop while its database is away says that it lost events', {
  skip,
}, async (t) => {
  const { postgres, start, ask } = await setUp(t);
  const gateway = await start();
  await postgres.stop('immediate');
  for (let index = 0; index < 3; index += 1) await ask(gateway);
  t.equal(await gateway.stop(), 1);
});

test('a gateway that is killed: what it lost is known to the event', { skip }, async (t) => {
  const { postgres, start, ask, answered } = await setUp(t);
  const gateway = await start();
  for (let index = 0; index < 10; index += 1) await ask(gateway);
  t.ok(await until(async () => (await gateway.metric('billing_queue_depth')) === 0));
  await postgres.stop('immediate');
  for (let index = 0; index < 7; index += 1) await ask(gateway);
  gateway.kill();
  await postgres.start();
  const again = await start();
  for (let index = 0; index < 3; index += 1) await ask(again);
  t.equal(await again.stop(), 0, 'the next one drains');
  const { lost, duplicated, wrong } = reconcile(answered, await ledgerRows(postgres));
  t.same(
    lost,
    Array.from({ length: 7 }, (_, index) => `event-${11 + index}`),
  );
  t.same([duplicated, wrong], [[], []]);
});
