// The command from start to exit code, on a real process that leaks and one that does not; windows
// are a hundredth of the usual ones.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { runWatchCommand, startKeeper } from '../../fixtures/watch-command.ts';

const short = ['--window', '200ms', '--every', '40ms', '--json'];

test('a leaking process: an alert for a command, and exit code 1', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-watch-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const pid = await startKeeper(t, 200_000);
  const alert = ['--alert', `cat > ${folder}/alert.json`, '--limit', '4GiB'];
  const { code, document } = await runWatchCommand([
    '--pid',
    pid,
    ...short,
    ...alert,
    '--for',
    '40s',
  ]);
  t.equal(code, 1);
  t.match(document, { outcome: 'fail', alertCount: 1, unit: 'cpu_ms' });
  const told = JSON.parse(await readFile(`${folder}/alert.json`, 'utf8'));
  t.match(told, { status: 'firing', target: `pid-${pid}`, channel: 'anon' });
  // 10 MB a second, were the machine not busy.
  t.ok(told.bytesPerHour.estimate > 1e9, `${told.bytesPerHour.estimate}`);
  t.ok(told.secondsToLimit.estimate > 0);
});

test('a process that keeps nothing: no alert, and exit code 0', async (t) => {
  const pid = await startKeeper(t, 0);
  const { code, document } = await runWatchCommand(['--pid', pid, ...short, '--for', '12s']);
  t.equal(code, 0);
  t.match(document, { outcome: 'pass', state: 'ok', alertCount: 0 });
});
