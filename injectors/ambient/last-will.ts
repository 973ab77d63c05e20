// A shell of 1 MB in a session of its own that reads one line from a pipe which only this process
// holds. Whatever ends this process (Ctrl-C, a crash, SIGKILL, the kernel's memory killer) closes
// the pipe, and the shell then does what was left to do. An exit handler would not see SIGKILL.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * `script`: what to do if this process is gone; `$1`, `$2`… are `args`. The returned function
 * revokes it. Rejects where there is no shell.
 */
export async function leaveWill(script: string, args: readonly string[]): Promise<() => void> {
  const whole = `read -r word; [ "$word" = done ] && exit 0; ${script}`;
  const shell = spawn('/bin/sh', ['-c', whole, 'leakbed-guard', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It may have been ended from outside: the write then fails, rightly.
  shell.stdin.on('error', () => {});
  await once(shell, 'spawn');
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return () => shell.stdin.end('done\n');
}
