// The Python gateway with a real Postgres: keys and ledger there, no bill lost while it is down.

import { test } from 'tap';
import { startMocks } from '../../../../mocks/server.ts';
import { noPostgres, startPostgres } from '../../../fixtures/postgres.ts';
import {
  chatModels,
  noPythonPackages,
  startPythonGateway,
  until,
} from '../../../fixtures/reference-gateway.ts';

test('what is answered while Postgres is down is billed when it is back', {
  skip: noPostgres || (await noPythonPackages()),
}, async (t) => {
  const postgres = await startPostgres();
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(async () => {
    await mocks.close();
    await postgres[Symbol.asyncDispose]();
  });
  const gateway = await startPythonGateway(mocks, { DATABASE_URL: postgres.url });
  t.teardown(() => gateway.kill());
  const messages = [{ role: 'user', content: 'Hello [[leakbed chunks=20 gap=100ms]]' }];
  const ask = (id: string) =>
    gateway.request(
      '/api/v1/chat/completions',
      { model: chatModels[1], messages },
      { 'x-request-id': id },
    );
  t.equal((await ask('before')).status, 200);
  const [{ keys } = { keys: 0 }] = await postgres.rows<{ keys: number }>(
    'SELECT count(*)::int AS keys FROM api_keys',
  );
  t.equal(keys, 1);
  const during = ask('during');
  t.ok(await until(async () => (await gateway.metric('gateway_requests_active')) === 1));
  await postgres.stop('immediate');
  t.equal((await during).status, 200, 'an accepted request is answered');
  t.equal((await ask('after')).status, 200, 'a key that was good stays good');
  const stranger = await gateway.request('/api/v1/models', undefined, {
    authorization: 'Bearer x',
  });
  t.equal(stranger.status, 503, 'one that was never seen cannot be checked');
  t.ok(await until(async () => (await gateway.metric('billing_retries_total')) >= 1));
  await postgres.start();
  t.ok(await until(async () => (await gateway.metric('billing_queue_depth')) === 0));
  const rows = await postgres.rows<{ request_id: string }>(
    'SELECT request_id FROM ledger ORDER BY request_id',
  );
  t.same(
    rows.map((row) => row.request_id),
    ['after', 'before', 'during'],
  );
  t.equal(await gateway.stop(), 0);
});
