// The command on another Node than the pinned one: it hands over, and signals and exit codes go
// through.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'tap';
import { runCommandLine, startCommandLine, survivors } from '../fixtures/command-line.ts';

const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) =>
    existsSync(path) && !execFileSync(path, ['--version'], { encoding: 'utf8' }).startsWith('v24'),
);
const options = oldNode === undefined ? {} : { node: oldNode };
const skip = oldNode === undefined ? 'the system has no Node other than 24' : false;

test('another Node prints the version through the pinned one', { skip }, async (t) => {
  const { code, stdout } = await runCommandLine(t, ['--version'], options);
  t.equal(code, 0);
  t.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('another Node gives back the exit code', { skip }, async (t) => {
  const { code, stderr } = await runCommandLine(t, ['run', 'nosuch'], options);
  t.equal(code, 254);
  t.match(stderr, /There is none|there is none/);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} to the wrapper alone ends the mocks below it`, { skip }, async (t) => {
    const mocks = startCommandLine(t, ['mocks', '--port', '0'], options);
    await mocks.untilSaid(/Ctrl-C stops/);
    const below = mocks.below();
    t.equal(below.length, 1, 'the pinned Node runs below the wrapper');
    mocks.signal(signal);
    await mocks.ended;
    t.strictSame(await survivors(below, 5_000), []);
  });
}

test('a wrapper that is killed takes the work below it along', { skip }, async (t) => {
  const mocks = startCommandLine(t, ['mocks', '--port', '0'], options);
  await mocks.untilSaid(/Ctrl-C stops/);
  const below = mocks.below();
  mocks.signal('SIGKILL');
  t.strictSame(await survivors(below, 5_000), []);
});
