// The billing queue of the unmodified gateway under the preload hook, switched by the fakes.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { startMocks } from '../../../../mocks/server.ts';
import { chatModels, startGateway, until } from '../../../fixtures/reference-gateway.ts';

const hook = fileURLToPath(
  new URL('../../../../injectors/ambient/billing-hook.ts', import.meta.url),
);

test('a stuck consumer fills the queue, then 503; healed, all is billed once', async (t) => {
  const ledger = join(t.testdir({}), 'ledger.sqlite');
  const mocks = await startMocks({ port: 0, seed: 1 });
  const env = {
    LEDGER: ledger,
    BILLING_QUEUE_LIMIT: '5',
    LEAKBED_CONTROL: mocks.url,
    LEAKBED_BILLING_HOOK: 'billing/consume.ts#consume',
  };
  const gateway = await startGateway(mocks, env, ['--import', hook]);
  t.teardown(async () => {
    gateway.kill();
    await mocks.close();
  });
  const billing = mocks.switches['billing-stall'];
  const stall = async (mode: string) => {
    const { version } = billing.set(mode, 0);
    t.ok(await until(() => billing.seen?.version === version), `${mode} has taken effect`);
  };
  const ask = (id: string) =>
    gateway.request(
      '/api/v1/chat/completions',
      { model: chatModels[0], messages: [{ role: 'user', content: '[[leakbed chunks=1]]' }] },
      { 'x-request-id': id },
    );

  await stall('stuck');
  const accepted = ['a', 'b', 'c', 'd', 'e'];
  for (const id of accepted) t.equal((await ask(id)).status, 200);
  t.equal(await gateway.metric('billing_queue_depth'), 5);
  const journalled = mocks.journal.since(0).length;
  const refused = await ask('f');
  t.same([refused.status, refused.headers.get('retry-after')], [503, '1']);
  t.equal(mocks.journal.since(0).length, journalled, 'the provider was not called');

  await stall('error');
  t.ok(await until(async () => (await gateway.metric('billing_retries_total')) >= 2));
  await stall('pass');
  t.ok(await until(async () => (await gateway.metric('billing_queue_depth')) === 0));
  t.equal((await ask('f')).status, 200, 'a refused request may come again');
  t.equal(await gateway.stop(), 0);
  const database = new DatabaseSync(ledger, { readOnly: true });
  t.teardown(() => database.close());
  const rows = database.prepare('SELECT request_id FROM ledger ORDER BY request_id').all();
  t.same(
    rows.map((row) => row.request_id),
    [...accepted, 'f'],
  );
});

test('an aborted stream is billed for what was delivered, as an estimate', async (t) => {
  const ledger = join(t.testdir({}), 'ledger.sqlite');
  const mocks = await startMocks({ port: 0, seed: 1 });
  const gateway = await startGateway(mocks, { LEDGER: ledger });
  t.teardown(async () => {
    gateway.kill();
    await mocks.close();
  });
  const answer = await gateway.chat(chatModels[1], 'chunks=500 gap=5ms', { stream: true });
  const reader = answer.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  t.ok(await until(async () => (await gateway.metric('billing_written_total')) === 1));
  const database = new DatabaseSync(ledger, { readOnly: true });
  t.teardown(() => database.close());
  const row = database.prepare('SELECT is_estimated, output_tokens FROM ledger').get();
  t.equal(row?.is_estimated, 1);
  t.ok(Number(row?.output_tokens) < 500 * 6, 'less than the whole answer');
});
