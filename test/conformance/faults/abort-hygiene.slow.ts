// 2,000 clients that leave under every fault, as the table is printed.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';

test('nothing is left of 2,000 aborted streams, whatever the fault', async (t) => {
  const script = fileURLToPath(new URL('./abort-hygiene.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  t.comment(stdout);
  t.notMatch(stdout, /LEFT BEHIND/);
  t.equal(status, 0);
});
