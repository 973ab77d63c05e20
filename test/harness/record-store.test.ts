// The run record on disk: written as the run goes, readable after a crash, one clear error when the
// folder cannot be written, and a full disk that costs the record but not the run.

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { readRecord, readVerdict } from '../../harness/record-reader.ts';
import { openRecordStore, runId } from '../../harness/record-store.ts';
import { buildHeader, buildRecord, buildVerdict } from '../fixtures/record.ts';

const header = buildHeader({ endedAt: null });

test('what was written during a run reads back the same', async (t) => {
  const record = buildRecord({ sampleCount: 20, withQueue: true });
  const store = await openRecordStore({ out: t.testdir(), header });
  for (const row of record.samples) await store.sample(row);
  for (const row of record.levels) await store.level(row);
  for (const row of record.requests) await store.request(row);
  for (const row of record.injections) await store.injection(row);
  const { phases, facts, warnings, interrupted } = record;
  await store.finish({ header: record.header, phases, facts, warnings, interrupted });
  t.same(await readRecord(store.dir), record);
  t.same(readdirSync(store.dir).sort(), [
    'injections.ndjson',
    'levels.ndjson',
    'requests.ndjson',
    'run.json',
    'samples.ndjson',
  ]);
});

test('the folder is named by time and scenario, and a second run in that second by -2', async (t) => {
  const out = t.testdir();
  const first = await openRecordStore({ out, header });
  const second = await openRecordStore({ out, header });
  await first.finish();
  await second.finish();
  t.equal(first.header.id, '2026-01-02T030405-streaming-connections');
  t.equal(second.header.id, '2026-01-02T030405-streaming-connections-2');
  t.equal(runId('2026-01-02T03:04:05.678Z', '../evil name'), '2026-01-02T030405-..-evil-name');
});

test('a healed injection replaces the row that said it began', async (t) => {
  const store = await openRecordStore({ out: t.testdir(), header });
  const stall = { fault: 'stall', what: 'stream 1', startMs: 10 };
  await store.injection({ ...stall, endMs: null });
  await store.injection({ ...stall, endMs: 30 });
  await store.injection({ fault: 'stall', what: 'stream 2', startMs: 12, endMs: null });
  await store.finish();
  t.same((await readRecord(store.dir)).injections, [
    { ...stall, endMs: 30 },
    { fault: 'stall', what: 'stream 2', startMs: 12, endMs: null },
  ]);
});

test('rows reach the disk within the flush interval while the run is still going', async (t) => {
  const flushes: (() => void)[] = [];
  const clock = {
    nowMs: () => 0,
    wallTime: () => new Date(0),
    after: (_delayMs: number, callback: () => void) => {
      flushes.push(callback);
      return () => {};
    },
  };
  const store = await openRecordStore({ out: t.testdir(), header, clock });
  t.teardown(() => store.finish());
  await store.sample({ metric: 'rssBytes', timeMs: 1, value: 2 });
  flushes.shift()?.();
  const path = join(store.dir, 'samples.ndjson');
  let text = '';
  while (text === '') text = await readFile(path, 'utf8');
  t.equal(text, '{"metric":"rssBytes","timeMs":1,"value":2}\n');
});

test('a killed writer leaves a record that reads as interrupted', async (t) => {
  const out = t.testdir();
  const store = JSON.stringify(new URL('../../harness/record-store.ts', import.meta.url).href);
  const script = `
    import { openRecordStore } from ${store};
    const store = await openRecordStore(${JSON.stringify({ out, header })});
    for (let n = 0; n < 50_000; n++) await store.sample({ metric: 'rssBytes', timeMs: n, value: n });
    process.stdout.write(store.dir + '\\n');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  t.teardown(() => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const dir = String(await new Promise((resolve) => child.stdout.once('data', resolve))).trim();
  child.kill('SIGKILL');
  await ended;
  const record = await readRecord(dir);
  t.ok(record.samples.length > 40_000, `${record.samples.length} samples survived`);
  t.equal(record.interrupted, 'The run ended without writing its end.');
});

test('torn and broken lines are skipped and named', async (t) => {
  const store = await openRecordStore({ out: t.testdir(), header });
  await store.sample({ metric: 'rssBytes', timeMs: 1, value: 2 });
  await store.finish({ header: buildHeader() });
  const good = '{"metric":"rssBytes","timeMs":3,"value":4}\n';
  await appendFile(join(store.dir, 'samples.ndjson'), `{"metric":"nope"}\n${good}{"metric":"rs`);
  const record = await readRecord(store.dir);
  t.same(record.samples, [
    { metric: 'rssBytes', timeMs: 1, value: 2 },
    { metric: 'rssBytes', timeMs: 3, value: 4 },
  ]);
  t.same(record.warnings, [
    'samples.ndjson: skipped 1 unreadable lines, first line 2.',
    'samples.ndjson: skipped its last line, which was cut short.',
  ]);
});

test('a line of 3 MiB without an end is not taken for a row, and the next line is', async (t) => {
  const store = await openRecordStore({ out: t.testdir(), header });
  await store.finish();
  const row = '{"metric":"rssBytes","timeMs":3,"value":4}\n';
  await appendFile(join(store.dir, 'samples.ndjson'), `"${'x'.repeat(3 << 20)}"\n${row}`);
  const record = await readRecord(store.dir);
  t.same(record.samples, [{ metric: 'rssBytes', timeMs: 3, value: 4 }]);
  t.match(record.warnings, ['samples.ndjson: skipped 1 unreadable lines, first line 1.']);
});

test('a folder that is no run, or of another schema, is refused with the reason', async (t) => {
  const dir = t.testdir({ future: { 'run.json': '{"header":{"schema":2}}' } });
  await t.rejects(readRecord(dir), { message: /^Cannot read the run .*Name a folder that/ });
  await t.rejects(readRecord(join(dir, 'future')), { message: /not a run record of schema 1/ });
});

test('a file where the folder should be gives one error with folder and option', async (t) => {
  const out = join(t.testdir({ taken: 'a file' }), 'taken');
  await t.rejects(openRecordStore({ out: join(out, 'runs'), header }), {
    message:
      `Cannot write the run record to ${out}/runs: a part of the path is a file, not a folder ` +
      '(ENOTDIR). Name another folder with --out.',
  });
});

test('a folder without write permission gives one error and leaves nothing', {
  skip: process.getuid?.() === 0 ? 'root may write anywhere' : false,
}, async (t) => {
  const out = t.testdir();
  chmodSync(out, 0o500);
  t.teardown(() => chmodSync(out, 0o700));
  await t.rejects(openRecordStore({ out, header }), { message: /permission denied \(EACCES\)/ });
  t.same(readdirSync(out), []);
});

/** A folder on a file system of 64 KiB, or the reason why there is none. */
function tinyDisk(t: Test): { out: string; reason: null } | { out: null; reason: string } {
  // Not in tap's folder: tap empties that before teardowns run, and a mount point cannot go.
  const out = mkdtempSync(join(tmpdir(), 'leakbed-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', out]);
  if (mount.status !== 0) {
    rmdirSync(out);
    return { out: null, reason: `no tmpfs: ${mount.error?.message ?? mount.stderr.toString()}` };
  }
  t.teardown(() => {
    spawnSync('umount', [out]);
    rmdirSync(out);
  });
  return { out, reason: null };
}

test('a disk that fills up stops the record with one warning and not the run', async (t) => {
  const { out, reason } = tinyDisk(t);
  if (out === null) {
    t.pass('needs a small file system', { skip: reason });
    return;
  }
  const store = await openRecordStore({ out, header });
  for (let n = 0; n < 50_000; n++) await store.sample({ metric: 'rssBytes', timeMs: n, value: n });
  await store.finish({ header: buildHeader() });
  t.equal(store.warnings.length, 1);
  t.match(
    store.warnings[0],
    /^The record is incomplete: Cannot write samples\.ndjson .* \(ENOSPC\)\. .*--out/,
  );
  t.equal(await store.write('report.html', 'x'.repeat(100_000)), false);
  const record = await readRecord(store.dir);
  t.ok(record.samples.length > 500, `${record.samples.length} samples fit`);
  t.match(record.interrupted, /without writing its end/, 'run.json did not fit any more');
});

test('a disk that is full from the start is refused at once', async (t) => {
  const { out, reason } = tinyDisk(t);
  if (out === null) {
    t.pass('needs a small file system', { skip: reason });
    return;
  }
  t.throws(() => writeFileSync(join(out, 'ballast'), 'x'.repeat(100_000)), { code: 'ENOSPC' });
  await t.rejects(openRecordStore({ out, header }), { message: /no space left.*--out/ });
  t.same(readdirSync(out), ['ballast']);
});

test('a writer that never waits loses rows, counted, instead of filling memory', async (t) => {
  const store = await openRecordStore({ out: t.testdir(), header });
  const rowCount = 200_000;
  for (let n = 0; n < rowCount; n++) void store.sample({ metric: 'rssBytes', timeMs: n, value: n });
  await store.finish({ header: buildHeader() });
  const record = await readRecord(store.dir);
  const lost = rowCount - record.samples.length;
  t.ok(lost > 0, 'more than the limit of 4 MiB was offered at once');
  t.same(record.warnings, [`samples.ndjson lacks ${lost} rows: the disk was too slow.`]);
});

test('credentials in the command, the gateway and error texts do not reach the disk', async (t) => {
  const secret = 'sk-ant-0123456789abcdefghij';
  const store = await openRecordStore({
    out: t.testdir(),
    header: {
      ...header,
      command: `leakbed run --api-key hunter2 -- env AWS_SECRET_ACCESS_KEY=hunter2 node gw.js`,
      gateway: { name: 'mine', apiToken: 'hunter2', command: `gw --header 'x: ${secret}'` },
    },
  });
  const [row] = buildRecord().requests;
  if (row === undefined) throw new Error('The fixture has requests.');
  await store.request({ ...row, outcome: 'error', error: `401 for Bearer ${secret}` });
  await store.finish({ warnings: [`GOOGLE_API_KEY=hunter2 was set`] });
  for (const name of readdirSync(store.dir)) {
    const text = readFileSync(join(store.dir, name), 'utf8');
    t.notMatch(text, /hunter2|sk-ant/, name);
  }
  t.equal(
    store.header.command,
    'leakbed run --api-key [redacted] -- env AWS_SECRET_ACCESS_KEY=[redacted] node gw.js',
  );
});

test('a verdict written beside the record reads back', async (t) => {
  const store = await openRecordStore({ out: t.testdir(), header });
  t.equal(await readVerdict(store.dir), null);
  const verdict = buildVerdict();
  await store.finish();
  t.equal(await store.write('verdict.json', JSON.stringify(verdict)), true);
  t.same(await readVerdict(store.dir), verdict);
});
