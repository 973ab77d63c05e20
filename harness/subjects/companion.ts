// A command that leakbed runs beside its fakes and measures nothing of: it has the terminal's input
// and output, and leakbed ends when it does.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { endGroup, guardGroup } from './process-group.ts';

const graceMs = 5_000;

/** The command's exit code, by the shell's rule where a signal ended it. */
export async function runCompanion(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const [file, ...args] = command;
  const env = { ...process.env, ...environment };
  const child = spawn(file, args, { detached: true, stdio: 'inherit', env });
  await once(child, 'spawn').catch((error: Error) => {
    throw new Error(`Cannot start ${file}: ${error.message}. Check the command after "--".`);
  });
  const groupId = child.pid ?? 0;
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const dismissGuard = await guardGroup(groupId);
  const stop = () => void endGroup(groupId, graceMs);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const [code, signal] = await exit;
  for (const name of signals) process.off(name, stop);
  // What the command has left running would otherwise outlive its fakes.
  await endGroup(groupId, graceMs);
  dismissGuard();
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
