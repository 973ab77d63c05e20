// Completion as the shells themselves do it, from what the real command prints.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';

const entry = fileURLToPath(new URL('../../../harness/cli/leakbed.mjs', import.meta.url));
const scriptOf = (shell: string) =>
  execFileSync(process.execPath, [entry, 'completion', shell], { encoding: 'utf8' });

function has(shell: string): boolean {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('bash completes commands, options, choices and names', async (t) => {
  const file = join(t.testdir({}), 'leakbed.bash');
  writeFileSync(file, scriptOf('bash'));
  const complete = (...words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leakbed; printf '%s\\n' "\${COMPREPLY[@]}"`,
        file,
        'leakbed',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .split('\n')
      .filter(Boolean);
  t.same(complete('com').toSorted(), ['compare', 'completion']);
  t.same(complete('run', '--scale', ''), ['smoke', 'ci', 'full']);
  t.same(complete('run', 'streaming'), ['streaming-connections']);
  t.ok(complete('matrix', '--fault', 'trunc').includes('truncate'));
  t.ok(complete('run', '--ju').includes('--junit'));
  t.same(complete('run', '--out', ''), [], 'folders are completed by the shell');
});

for (const shell of ['zsh', 'fish']) {
  test(`${shell} reads its script without a complaint`, {
    skip: has(shell) ? false : `no ${shell} on this machine`,
  }, async (t) => {
    const file = join(t.testdir({}), 'script');
    writeFileSync(file, scriptOf(shell));
    execFileSync(shell, ['-n', file]);
    t.pass();
  });
}

test('fish is told every command once, with what it does', async (t) => {
  const lines = scriptOf('fish').split('\n');
  const commands = lines.filter((line) => line.includes('__fish_use_subcommand'));
  t.equal(new Set(commands).size, commands.length);
  t.ok(commands.length >= 12);
  for (const line of commands) t.match(line, / -d '.{10,}'$/);
});
