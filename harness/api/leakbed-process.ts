// The command `leakbed` as a process below this one, which ends with it. What a test runner tells
// every Node process by the environment (loaders, coverage) is kept from it: it would be measured.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { outputTail } from '../subjects/output-tail.ts';

const entry = fileURLToPath(new URL('../cli/leakbed.mjs', import.meta.url));

export interface LeakbedProcess {
  readonly child: ChildProcess;
  /** Its exit code; null when a signal ended it. Rejects where it could not be started. */
  readonly ended: Promise<number | null>;
  /** Why it gave up, in its own words. */
  complaint(): string;
}

export function startLeakbed(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LeakbedProcess {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...own } = process.env;
  // The channel carries no messages: its end tells the child that this process is gone.
  const child = spawn(process.execPath, [entry, ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...own, ...env },
  });
  const tail = outputTail();
  if (child.stderr !== null) tail.follow(child.stderr, () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return { child, ended, complaint: () => lastComplaint(tail.text()) };
}

/** Complaints begin with the program's name; progress came before. */
function lastComplaint(said: string): string {
  const mark = 'leakbed: ';
  const start = said.lastIndexOf(mark);
  return start === -1 ? said : said.slice(start + mark.length);
}
