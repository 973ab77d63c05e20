// What every command owes its user: examples in its help, and a document for machines.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';

const entry = fileURLToPath(new URL('../../../harness/cli/leakbed.mjs', import.meta.url));
const help = (...words: readonly string[]) =>
  execFileSync(process.execPath, [entry, ...words, '--help'], { encoding: 'utf8' });

const commands = [...help().matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help');

test('there are the commands that the readme names', async (t) => {
  const named = ['run', 'matrix', 'mocks', 'proxy', 'analyze', 'report', 'compare', 'repro'];
  t.same(
    named.filter((name) => !commands.includes(name)),
    [],
  );
});

for (const name of commands) {
  test(`${name} shows examples, and has --json`, async (t) => {
    const text = help(name);
    t.match(text, new RegExp(`^  \\$ leakbed ${name}`, 'm'));
    // What a shell reads is no document.
    if (name !== 'completion') t.match(text, /^ {2}--json /m);
  });
}
