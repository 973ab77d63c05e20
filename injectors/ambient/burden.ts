// A child process that is a burden to the machine: it holds memory, or keeps a processor busy. It
// ends when its input does, so it cannot outlive whoever started it, however that one ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { within } from '../determinism.ts';

export interface Burden extends AsyncDisposable {
  readonly pid: number;
  /** Sends a word and resolves with the line that answers it. */
  tell(word: string | number): Promise<string>;
}

const answerLimitMs = 30_000;

/** `script`: plain JavaScript that answers each line of its input with one of its own. */
export async function startBurden(script: string): Promise<Burden> {
  const child = spawn(process.execPath, ['-e', `${endsWithInput}${script}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Its own options: those of whoever started leakbed may open an inspector.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.stdin.on('error', () => {});
  await once(child, 'spawn');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const pid = child.pid ?? 0;
  return {
    pid,
    async tell(word) {
      child.stdin.write(`${word}\n`);
      const late = `Cannot burden the machine: process ${pid} did not answer to ${word}.`;
      const { value, done } = await within(answerLimitMs, late, answers.next());
      if (done === true) throw new Error(`Cannot burden the machine: process ${pid} has ended.`);
      return value;
    },
    async [Symbol.asyncDispose]() {
      if (isOver(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const endsWithInput = `
const { createInterface } = require('node:readline');
const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit());
`;

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
