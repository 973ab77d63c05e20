// The whole table, as it is printed: every fault against the real SDK of every way.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';

test('every fault does to every SDK what the catalogue promises', async (t) => {
  const script = fileURLToPath(new URL('./table.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  t.comment(stdout);
  t.match(stdout, /: 0 not as promised\.\n$/);
  t.equal(status, 0);
});
