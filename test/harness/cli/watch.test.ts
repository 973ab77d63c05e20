// What `leakbed watch` says when it cannot know, or cannot watch.

import { test } from 'tap';
import { runWatchCommand, startKeeper } from '../../fixtures/watch-command.ts';

test('too little seen is inconclusive', async (t) => {
  const pid = await startKeeper(t, 0);
  const { code, document } = await runWatchCommand(['--pid', pid, '--for', '1s', '--json']);
  t.equal(code, 2);
  t.match(document, { state: 'learning' });
});

test('what cannot be watched is a usage error, and says why', async (t) => {
  const nothing = await runWatchCommand([]);
  t.equal(nothing.code, 254);
  t.match(nothing.told, /name one of --pid, --match, --container, --url/);
  const both = await runWatchCommand(['--pid', '1', '--url', 'http://127.0.0.1:1/metrics']);
  t.match(both.told, /Cannot watch --pid or --match and --url/);
  const gone = await runWatchCommand(['--pid', '4194303']);
  t.match(gone.told, /Cannot watch PID 4194303: none runs here/);
  const page = await runWatchCommand(['--url', 'http://127.0.0.1:1/metrics']);
  t.match(page.told, /Cannot read http:\/\/127.0.0.1:1\/metrics/);
  t.equal(page.code, 254);
});
