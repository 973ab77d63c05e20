// A server that is measured: leakbed's own commands, a baseline of baselines/, nginx. It runs on
// the subject's core; its CPU time is that of all its threads and of the processes it started.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { procMemory } from '../../../harness/probes/proc-memory.ts';
import { within } from '../../../injectors/determinism.ts';
import { cores, pin } from './cores.ts';

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly url: string;
  cpuMs(): number;
  rssBytes(): number;
}

export const entry = fileURLToPath(new URL('../../../harness/cli/leakbed.mjs', import.meta.url));

/** The fakes as users start them. */
export function startMocksServer(words: readonly string[] = []): Promise<ServerProcess> {
  return startLeakbed(['mocks', '--port', '0', '--seed', '1', '--json', ...words]);
}

/** Any command of leakbed that serves. */
export function startLeakbed(words: readonly string[]): Promise<ServerProcess> {
  return startServer([entry, ...words]);
}

/** A program whose first line is JSON with the `url` or the `port` that it serves. */
export async function startServer(words: readonly string[]): Promise<ServerProcess> {
  const environment = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, words, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said = `${said}${data}`.slice(-2000);
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit').finally(() => process.off('exit', kill));
  const line = once(createInterface({ input: child.stdout }), 'line');
  const name = words.join(' ');
  const [first] = await within(30_000, `${name} is not ready.`, Promise.race([line, exited]));
  if (typeof first !== 'string') throw new Error(`${name} ended with exit code ${first}: ${said}`);
  const { url, port } = JSON.parse(first) as { readonly url?: string; readonly port?: number };
  return measured(child.pid ?? 0, url ?? `http://127.0.0.1:${port}`, async () => {
    child.kill('SIGTERM');
    await exited;
  });
}

/** A server that somebody else has started. */
export function measured(pid: number, url: string, stop: () => Promise<void>): ServerProcess {
  for (const one of familyOf(pid)) pin(one, cores.subject);
  const { hostname: host, port } = new URL(url);
  return {
    pid,
    url,
    host,
    port: Number(port),
    cpuMs: () => familyOf(pid).reduce((sum, one) => sum + cpuMsOf(one), 0),
    rssBytes: () => familyOf(pid).reduce((sum, one) => sum + rssBytesOf(one), 0),
    [Symbol.asyncDispose]: stop,
  };
}

/** The process and what it has started, to any depth. */
export function familyOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(familyOf)];
}

/** Nanoseconds on a core are the first field of each thread's schedstat: proc(5) has ticks only. */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1');
    return Number(text.split(' ')[0]);
  });
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}

function rssBytesOf(pid: number): number {
  const memory = procMemory(pid);
  try {
    return memory.read().rssBytes;
  } finally {
    memory.close();
  }
}
