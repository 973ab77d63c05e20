// A run that was killed with SIGKILL goes on with --resume: in the same folder, with what it had
// measured, and to a verdict. One that came to its end, or was begun in another way, is refused.

import { join } from 'node:path';
import { test } from 'tap';
import { readRecord } from '../../harness/record-reader.ts';
import {
  freshOut,
  isOneError,
  onlyRun,
  runCommandLine,
  startCommandLine,
} from '../fixtures/command-line.ts';

const limitMs = 600_000;

test('a killed endurance run goes on in its record and comes to a verdict', async (t) => {
  const out = await freshOut(t);
  const words = ['run', 'endurance', '--seed', '3', '--out', out];
  const killed = startCommandLine(t, words, { limitMs });
  await killed.untilSaid(/stress: cycle [3-9]/);
  killed.signal('SIGKILL', 'group');
  await killed.ended;
  const dir = await onlyRun(out);
  const before = await readRecord(dir);
  t.not(before.interrupted, null);

  const stranger = await runCommandLine(t, ['run', '--resume', dir, '--fault', 'ttft'], {});
  t.equal(stranger.code, 254);
  t.match(stranger.stderr, /it was begun in another way\. Use: npx leakbed run endurance --seed 3/);
  t.ok(isOneError(stranger.stderr));

  const resumed = await runCommandLine(t, ['run', '--resume', dir, '--out', out], { limitMs });
  t.equal(resumed.code, 0, resumed.stderr);
  t.equal(await onlyRun(out), dir, 'no second folder');
  const after = await readRecord(dir);
  t.equal(after.interrupted, null);
  t.equal(after.header.id, before.header.id);
  t.equal(after.phases.filter(({ name }) => name === 'stress').length, 2);
  t.same(after.levels.slice(0, before.levels.length), before.levels, 'what was measured is kept');
  const gap = after.levels[before.levels.length]?.timeMs ?? 0;
  t.ok(gap > (before.levels.at(-1)?.timeMs ?? 0), 'time goes on');
  t.match(after.warnings.join('\n'), /cut short after \d+ s and resumed/);

  const again = await runCommandLine(t, ['run', '--resume', dir, '--out', out], {});
  t.equal(again.code, 254);
  t.match(again.stderr, /it came to its end\. Run it anew/);
});

test('a folder that is no run is refused', async (t) => {
  const refused = await runCommandLine(t, ['run', '--resume', join(t.testdir(), 'none')], {});
  t.equal(refused.code, 254);
  t.ok(isOneError(refused.stderr));
});
