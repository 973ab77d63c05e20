import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'tap';
import { openSqliteLedger } from '../../../../../harness/subjects/reference-node/billing/sqlite-ledger.ts';

const event = {
  requestId: 'a',
  model: 'gemini-2.5-flash',
  inputTokens: 3,
  outputTokens: 5,
  isEstimated: false,
};

test('an event that is delivered twice is one row, with the first counts', async (t) => {
  const ledger = openSqliteLedger(undefined);
  t.teardown(() => ledger.close());
  ledger.record(event);
  ledger.record({ ...event, outputTokens: 99 });
  t.equal(ledger.rowCount(), 1);
  t.equal(ledger.has('a'), true);
  t.equal(ledger.has('b'), false);
});

test('another process reads the rows while the ledger is open', async (t) => {
  const path = join(t.testdir({}), 'ledger.sqlite');
  const ledger = openSqliteLedger(path);
  t.teardown(() => ledger.close());
  ledger.record(event);
  const reader = new DatabaseSync(path, { readOnly: true });
  t.teardown(() => reader.close());
  const row = reader.prepare('SELECT * FROM ledger').get();
  t.match(row, { request_id: 'a', input_tokens: 3, output_tokens: 5, is_estimated: 0 });
});

test('a ledger without a path leaves no file behind, one with a path does', async (t) => {
  const temporary = openSqliteLedger(undefined);
  t.ok(existsSync(temporary.path));
  temporary.close();
  t.notOk(existsSync(temporary.path));
  const kept = openSqliteLedger(join(t.testdir({}), 'ledger.sqlite'));
  kept.close();
  t.ok(existsSync(kept.path));
});

test('a ledger that cannot be opened says which and what to do', async (t) => {
  t.throws(
    () => openSqliteLedger('/nowhere/ledger.sqlite'),
    /Cannot open ledger \/nowhere\/.*LEDGER/,
  );
});
