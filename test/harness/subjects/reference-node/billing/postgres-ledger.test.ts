// The ledger in a real Postgres 15.

import { test } from 'tap';
import { openPostgresLedger } from '../../../../../harness/subjects/reference-node/billing/postgres-ledger.ts';
import { noPostgres, startPostgres } from '../../../../fixtures/postgres.ts';

const event = {
  requestId: 'a',
  model: 'gemini-2.5-flash',
  inputTokens: 3,
  outputTokens: 5,
  isEstimated: false,
};

test('a ledger in Postgres', { skip: noPostgres }, async (t) => {
  const postgres = await startPostgres();
  t.teardown(() => postgres[Symbol.asyncDispose]());
  const ledger = await openPostgresLedger(postgres.url);
  t.teardown(() => ledger.close());
  const rows = () => postgres.rows('SELECT * FROM ledger ORDER BY request_id');

  await t.test('an event that is delivered twice is one row, with the first counts', async (t) => {
    await ledger.record(event);
    await ledger.record({ ...event, outputTokens: 99 });
    t.match(await rows(), [{ request_id: 'a', output_tokens: 5, is_estimated: false }]);
    t.same([ledger.has('a'), ledger.has('b')], [true, false]);
  });

  await t.test('a write fails while the database is away, and the next one works', async (t) => {
    await postgres.stop('immediate');
    await t.rejects(Promise.resolve(ledger.record({ ...event, requestId: 'b' })));
    t.equal(ledger.has('b'), false);
    await postgres.start();
    await ledger.record({ ...event, requestId: 'b' });
    t.equal((await rows()).length, 2);
  });
});

test('a database that is not there ends the start, without telling a password', async (t) => {
  const opening = openPostgresLedger('postgres://me:secret@127.0.0.1:1/db');
  await t.rejects(opening, /Cannot open the ledger in postgres:\/\/127\.0\.0\.1:1\/db: /);
});
