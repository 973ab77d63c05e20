// A record that is reopened: what was there stays, what comes is added, and a start that fails
// changes nothing.

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { readRecord } from '../../harness/record-reader.ts';
import { openRecordStore, reopenRecordStore } from '../../harness/record-store.ts';
import { buildHeader } from '../fixtures/record.ts';

const header = buildHeader({ endedAt: null });

test('a run that was cut short goes on in its own record, and nothing of it is lost', async (t) => {
  const first = await openRecordStore({ out: t.testdir(), header });
  const level = {
    phase: 'stress',
    cycle: 1,
    requests: 9,
    totalRequests: 9,
    timeMs: 400,
    values: {},
  };
  await first.level(level);
  await first.update({ phases: [{ name: 'stress', startMs: 100, endMs: null }], warnings: ['a'] });
  await first.finish({ interrupted: 'Ctrl-C' });
  // Killed in the middle of a row.
  await appendFile(join(first.dir, 'levels.ndjson'), '{"phase":"str');
  const cut = await readRecord(first.dir);
  const second = await reopenRecordStore({ dir: first.dir, record: cut });
  t.same(second.earlier?.phases, [{ name: 'stress', startMs: 100, endMs: 400 }], 'what was open');
  await second.level({ ...level, timeMs: 900 });
  await second.finish({ header: { ...second.header, endedAt: '2026-01-02T04:00:00.000Z' } });
  const { levels, interrupted, warnings } = await readRecord(first.dir);
  t.same(
    levels.map(({ timeMs }) => timeMs),
    [400, 900],
  );
  t.equal(interrupted, null);
  t.match(warnings.join('\n'), /^a\n[\s\S]*cut short after 0 s and resumed/);
});

test('a resumed run that cannot begin leaves the record as it was', async (t) => {
  const first = await openRecordStore({ out: t.testdir(), header });
  await first.finish({ interrupted: 'Ctrl-C' });
  const record = await readRecord(first.dir);
  const second = await reopenRecordStore({ dir: first.dir, record });
  await second.discard();
  t.same(await readRecord(first.dir), record);
});
