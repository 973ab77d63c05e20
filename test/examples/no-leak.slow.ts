// The examples of no-leak/ as users run them: the packed package in an empty folder, beside tap and
// vitest from npm and Node's own runner. In each the clean handler passes, and the leaking one
// fails with the line that keeps what it leaks.

import { readdirSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { installPackage } from '../fixtures/packed-package.ts';

const examples = fileURLToPath(new URL('./no-leak/', import.meta.url));
const source = readFileSync(`${examples}handlers.mjs`, 'utf8').split('\n');
const line = 1 + source.findIndex((text) => text.startsWith('const sessions'));

const runners = {
  'node-test.test.mjs': ['node --test node-test.test.mjs', /pass 1\n.*fail 1\n/s],
  'tap.test.mjs': [
    'npx tap run --timeout=400 --disable-coverage --allow-empty-coverage --reporter=tap tap.test.mjs',
    /not ok 2 - the leaking handler.*# \{ total: 2, pass: 1, fail: 1 \}/s,
  ],
  'vitest.test.mjs': ['npx vitest run vitest.test.mjs', /Tests .*1 failed.*1 passed/],
} as const;

test('the examples in their runners', async (t) => {
  t.setTimeout(900_000);
  const installed = await installPackage(t, ['tap@21.8.0', 'vitest@5.1.1']);
  if ('reason' in installed) {
    t.pass('the examples', { skip: installed.reason });
    return;
  }
  const { folder, run } = installed;
  await cp(examples, folder, { recursive: true });
  for (const [file, [command, tally]] of Object.entries(runners)) {
    t.test(file, async (t) => {
      t.setTimeout(300_000);
      const { code, stdout, stderr } = await run(command, 280_000);
      const said = (stdout + stderr).replaceAll(ansi, '');
      t.equal(code, 1, 'the runner fails');
      t.match(said, tally, 'one passes, one fails');
      t.match(said, /the clean handler keeps nothing/);
      t.match(said, `(handlers.mjs:${line})`, 'the failing one names the line');
    });
  }
});

test('every example has its runner', async (t) => {
  const files = readdirSync(examples).filter((name) => name.endsWith('.test.mjs'));
  t.strictSame(files, Object.keys(runners));
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of the runners.
const ansi = /\u001b\[[\d;]*m/g;
