// The ledger of a run read back, from a file as the reference gateways write it and from any other
// table.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Test, test } from 'tap';
import { readLedger } from '../../../harness/subjects/ledger.ts';

function fileWith(t: Test, statements: string): string {
  const file = join(t.testdir({}), 'ledger.sqlite');
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
  return `sqlite:${file}`;
}

test('the rows of this run are read, and of no other', async (t) => {
  const url = fileWith(
    t,
    `CREATE TABLE ledger (request_id TEXT, input_tokens INTEGER, output_tokens INTEGER);
     INSERT INTO ledger VALUES ('today-1', 3, 5), ('today-2', 4, 6), ('before-1', 1, 1)`,
  );
  t.same(await readLedger({ url }, 'today'), [
    { id: 'today-1', tokens: { inputTokens: 3, outputTokens: 5 } },
    { id: 'today-2', tokens: { inputTokens: 4, outputTokens: 6 } },
  ]);
});

test('a table of another kind is asked in its own words', async (t) => {
  const url = fileWith(t, `CREATE TABLE spend (call TEXT); INSERT INTO spend VALUES ('today-1')`);
  const query = "SELECT call AS id FROM spend WHERE call LIKE '{run}%'";
  t.same(await readLedger({ url, query }, 'today'), [{ id: 'today-1', tokens: null }]);
});

test('a ledger that cannot be read says which and why, without its password', async (t) => {
  const missing = fileWith(t, 'CREATE TABLE other (id TEXT)');
  await t.rejects(readLedger({ url: missing }, 'x'), /Cannot read the ledger .*no such table/);
  const away = { url: 'postgres://me:secret@127.0.0.1:1/bills' };
  const error = await readLedger(away, 'x').catch(({ message }: Error) => message);
  t.match(error, /Cannot read the ledger postgres:.*ECONNREFUSED/);
  t.notMatch(error, /secret/);
});

test('a ledger that is just being written is waited for', async (t) => {
  const url = fileWith(t, 'CREATE TABLE ledger (request_id, input_tokens, output_tokens)');
  const writer = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    database.exec("BEGIN EXCLUSIVE; INSERT INTO ledger VALUES ('today-1', 3, 5)");
    console.log('locked');
    setTimeout(() => database.exec('COMMIT'), 300);`;
  const child = spawn(process.execPath, ['-e', writer, url.slice('sqlite:'.length)]);
  t.teardown(() => child.kill());
  await once(child.stdout, 'data');
  t.match(await readLedger({ url }, 'today'), [{ id: 'today-1' }]);
});

test('a file that is not there is told, and not made', async (t) => {
  const url = `sqlite:${join(t.testdir({}), 'none.sqlite')}`;
  for (const _ of [1, 2]) {
    await t.rejects(
      readLedger({ url }, 'x'),
      /Cannot read the ledger .*none\.sqlite: unable to open/,
    );
  }
});
