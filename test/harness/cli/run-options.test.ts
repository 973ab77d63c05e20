// The command that repeats a run, read back by a real shell.

import { execFileSync } from 'node:child_process';
import { test } from 'tap';
import type { RunFlags } from '../../../harness/cli/run-flags.ts';
import { repeatCommand } from '../../../harness/cli/run-options.ts';
import { streamingConnections } from '../../../harness/scenarios/streaming-connections.ts';

const flags: RunFlags = { fault: [], scale: 'smoke', out: 'runs' };

/** The words a shell makes of the command, after `npx leakbed run`. */
function shellWords(command: string): string[] {
  const script = `set -- ${command}\nfor word; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(3, -1);
}

test('a gateway command with spaces, quotes and expansions repeats word for word', (t) => {
  const gateway = ['node', '-e', "console.log('$HOME `id`')", 'a b', '', '*', 'x;y', '#'];
  const words = shellWords(repeatCommand(streamingConnections, flags, 7, gateway));
  t.strictSame(words.slice(words.indexOf('--') + 1), gateway);
  t.end();
});

test('faults and addresses with characters of the shell repeat as they were given', (t) => {
  const url = 'http://127.0.0.1:1/?a=1&b=2';
  const given = { ...flags, url, fault: ['truncate;at=50%'] };
  const words = shellWords(repeatCommand(streamingConnections, given, 7, []));
  t.equal(words[words.indexOf('--url') + 1], url);
  t.equal(words[words.indexOf('--fault') + 1], 'truncate;at=50%');
  t.end();
});

test('words without such characters stay bare', (t) => {
  const command = repeatCommand(streamingConnections, flags, 7, ['node', 'dist/my-gateway.js']);
  t.match(command, /-- node dist\/my-gateway\.js$/);
  t.end();
});
