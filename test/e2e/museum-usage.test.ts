// What `leakbed repro` says to a module that cannot be a unit of work, and the module it writes to
// start from.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { runCommandLine } from '../fixtures/command-line.ts';

const modules = {
  'no-default.mjs': 'export const work = 1;\n',
  'throws.mjs': 'export default async () => { throw new TypeError("no such region"); };\n',
};

const says: Readonly<Record<keyof typeof modules, RegExp>> = {
  'no-default.mjs': /^leakbed: Cannot run the module: it must export a function as default/m,
  'throws.mjs':
    /^leakbed: Cannot run the module: its first call threw TypeError: no such region\n/m,
};

for (const name of Object.keys(modules) as (keyof typeof modules)[]) {
  test(`${name} ends as wrong usage, with its own words`, async (t) => {
    const folder = t.testdir({ [name]: modules[name] });
    const out = join(folder, 'runs');
    const { code, stderr } = await runCommandLine(t, ['repro', join(folder, name), '--out', out]);
    t.equal(code, 254);
    t.match(stderr, says[name]);
  });
}

test('--init writes a module once, and overwrites none', async (t) => {
  const file = join(t.testdir({}), 'my-repro.mjs');
  const first = await runCommandLine(t, ['repro', '--init', file]);
  t.equal(first.code, 0);
  t.match(readFileSync(file, 'utf8'), /^export default async function /m);
  const second = await runCommandLine(t, ['repro', '--init', file]);
  t.equal(second.code, 254);
  t.match(second.stderr, /Cannot write .*my-repro\.mjs: it is there already/);
});

test('the leaks are listed in two groups', async (t) => {
  const { stdout } = await runCommandLine(t, ['leaks']);
  t.match(stdout, /^Planted in a reference gateway:\n.*\n\nPublished leaks of SDKs:\n/s);
});

test('a published leak tells its versions and its command', async (t) => {
  const { stdout } = await runCommandLine(t, ['leaks', 'grpc-idle-timers']);
  t.match(stdout, /leaks with @grpc\/grpc-js@1\.9\.7\n\s+gone with @grpc\/grpc-js@1\.9\.8/);
  t.match(stdout, /example: leakbed repro grpc-idle-timers/);
});
