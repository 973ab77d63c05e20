// What /proc tells about a process before anything is attached to it: does it exist, is it the
// same one as before, which runtime is it, and would SIGUSR1 open an inspector or kill it.
// Source: proc_pid_stat(5), proc_pid_status(5).

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { isGoProgram } from './go-program.ts';

export type Runtime = 'node' | 'python' | 'go' | 'java' | 'bun' | 'deno' | 'unknown';

export interface ProcessState {
  readonly pid: number;
  /** "R", "S", "D", "Z" and so on; Z is dead and only waits to be reaped. */
  readonly state: string;
  readonly parentId: number;
  readonly groupId: number;
  /** Clock ticks after boot; with the pid it names one process for ever. */
  readonly startTicks: number;
}

/** Null when there is no such process. */
export function processState(pid: number): ProcessState | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command name, field 2, may contain spaces and parentheses; the last ")" ends it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '?',
    parentId: Number(fields[1]),
    groupId: Number(fields[2]),
    startTicks: Number(fields[19]),
  };
}

/** Living members of a process group; the dead that nobody reaped are left out. */
export function groupMembers(groupId: number): number[] {
  return living()
    .filter((state) => state.groupId === groupId)
    .map(({ pid }) => pid);
}

/** Children, their children and so on, nearest first. */
export function descendants(pid: number): number[] {
  const all = living();
  const found: number[] = [pid];
  // The list grows while it is walked.
  for (const parent of found) {
    for (const state of all) if (state.parentId === parent) found.push(state.pid);
  }
  return found.slice(1);
}

function living(): ProcessState[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processState(Number(name)))
    .filter((state) => state !== null)
    .filter((state) => state.state !== 'Z');
}

/** The runtime by the name of the executable, as the link /proc/PID/exe has it, or by its parts. */
export function detectRuntime(pid: number): Runtime {
  const name = executableName(pid);
  if (/^node(js)?[-\d.]*$/.test(name)) return 'node';
  if (/^(python|pypy)[\d.]*$/.test(name)) return 'python';
  if (name === 'java' || name === 'bun' || name === 'deno') return name;
  return isGoProgram(`/proc/${pid}/exe`) ? 'go' : 'unknown';
}

export function executableName(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
  } catch {
    return 'unknown';
  }
}

export function commandLine(pid: number): string[] {
  return (readOrNull(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== '');
}

/** Whether a signal has a handler; SIGUSR1 without one ends a process. */
export function handlesSignal(pid: number, signalNumber: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)/m.exec(readOrNull(`/proc/${pid}/status`) ?? '')?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signalNumber - 1)) & 1n) === 1n;
}

/** Whether both see the same network, so that the other's 127.0.0.1 is ours. */
export function sharesNetwork(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net');
  } catch {
    return false;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
