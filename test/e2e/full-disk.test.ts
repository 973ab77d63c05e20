// A disk that is full in the middle of a run costs the record, not the run: the run goes on, and
// says so. The disk is a tmpfs of 256 KiB, which only root may mount.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { freshOut, survivors } from '../fixtures/command-line.ts';
import { startMidRun } from '../fixtures/mid-run.ts';

test('a disk that fills up during a run is told, without a crash', {
  skip: whyNot(),
}, async (t) => {
  const out = await freshOut(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'leakbed-test', out]);
  t.teardown(() => execFileSync('umount', ['--lazy', out]));
  const { run, below } = await startMidRun(t, { out });
  try {
    writeFileSync(join(out, 'filler'), Buffer.alloc(1024 * 1024));
  } catch {
    // ENOSPC is what was wanted.
  }
  await run.untilSaid(/baseline/);
  run.signal('SIGINT');
  const { code, stderr } = await run.ended;
  t.equal(code, 2);
  t.match(stderr, /no space left/i);
  t.notMatch(stderr, /crashed/);
  t.notMatch(stderr, /^\s+at .+:\d+:\d+/m);
  t.strictSame(await survivors(below, 10_000), []);
});

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk';
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'x', '/mnt'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this machine does not let root mount';
  }
}
