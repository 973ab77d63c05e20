// A gateway that already runs, named by its process id and its URL. leakbed reads it, opens its
// inspector where Node allows that, shuts what it opened, and never ends it.

import { readFileSync, statSync } from 'node:fs';
import { systemClock as clock } from '../../injectors/determinism.ts';
import { shutInspector } from '../probes/inspector-client.ts';
import { openInspector } from './inspector-door.ts';
import { listenerOf, portOf } from './listening-ports.ts';
import { hasOwnCgroup } from './oom-kills.ts';
import {
  commandLine,
  descendants,
  detectRuntime,
  executableName,
  processState,
} from './process-info.ts';
import { processTree, workersOf } from './process-tree.ts';
import { notStartedHere } from './python-agent.ts';
import { baseUrl } from './readiness.ts';
import type { Capability, Subject } from './subject.ts';

export interface PidOptions {
  readonly pid: number;
  readonly url: string;
  readonly name?: string;
  /** Where it listens in its own network, where that is not the port of `url`. */
  readonly insideUrl?: string;
  /** Whether SIGUSR1 may open the inspector of a Node process; yes by default. */
  readonly openInspector?: boolean;
}

const pollMs = 200;

/** Rejects when there is no such process, or when it only wraps the one that serves. */
export async function attachPid(options: PidOptions): Promise<Subject> {
  const { pid } = options;
  const url = baseUrl(options.url);
  const { insideUrl = url } = options;
  const first = pid > 0 && Number.isSafeInteger(pid) ? processState(pid) : null;
  if (first === null || first.state === 'Z') {
    throw new Error(
      `Cannot attach to PID ${pid}: no such process runs here. Find it with "pgrep -af node"; ` +
        'in a container, leakbed must share its PID namespace.',
    );
  }
  refuseWrapper(pid, insideUrl);
  const capabilities = new Set<Capability>();
  const missing: Partial<Record<Capability, string>> = {
    restart: `PID ${pid} was started by someone else. Let leakbed start it: run -- COMMAND.`,
    'billing-hook': 'the hook is loaded at start. Let leakbed start the gateway: run -- COMMAND.',
  };
  const [inside = pid] = workersOf(insideUrl, pid);
  if (detectRuntime(pid) === 'python') missing['python-agent'] = notStartedHere;
  if (hasOwnCgroup(pid)) capabilities.add('cgroup');
  const refused = unreadable(inside);
  if (refused === null) capabilities.add('procfs');
  else missing.procfs = refused;
  const door =
    refused === null
      ? await openInspector(inside, {
          apiPorts: [portOf(insideUrl)],
          mayOpen: options.openInspector ?? true,
        })
      : { url: null, missing: refused };
  if (door.url === null) missing.inspector = door.missing;
  else capabilities.add('inspector');
  const ended = Promise.withResolvers<string>();
  const who = `${options.name ?? executableName(pid)} (PID ${pid})`;
  const stopWatching = watch(pid, first.startTicks, () =>
    ended.resolve(`${who} ended; how is known only to the process that started it.`),
  );
  return {
    name: options.name ?? `PID ${pid} (${executableName(pid)})`,
    url,
    pid: inside,
    processes: () => processTree(pid),
    inspectorUrl: door.url,
    capabilities,
    missing,
    ended: ended.promise,
    lastOutput: () => `(the output of PID ${pid} is not leakbed's: ${commandLine(pid).join(' ')})`,
    async [Symbol.asyncDispose]() {
      stopWatching();
      ended.resolve(`${who} still runs; leakbed let go of it.`);
      if (door.url !== null && door.openedByUs) await shutInspector(door.url);
    },
  };
}

/** The likely mistake: the PID of npm or a shell, while the gateway is a process below it. */
function refuseWrapper(pid: number, url: string): void {
  if (listenerOf(url, [pid]) !== undefined) return;
  const server = listenerOf(url, descendants(pid));
  if (server === undefined) return;
  throw new Error(
    `Cannot measure PID ${pid} (${executableName(pid)}): ${url} is served by its child, ` +
      `PID ${server} (${executableName(server)}). Use --pid ${server}.`,
  );
}

/** Why memory and descriptors of the process cannot be read, or null when they can. */
function unreadable(pid: number): string | null {
  try {
    readFileSync(`/proc/${pid}/smaps_rollup`);
    statSync(`/proc/${pid}/fd/.`);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `/proc/${pid} cannot be read (${code}). Run leakbed as the same user or as root.`;
  }
}

/** Nobody is told about the end of a process that is not a child, so it is asked for. */
function watch(pid: number, startTicks: number, onEnd: () => void): () => void {
  let cancel = () => {};
  const check = () => {
    const now = processState(pid);
    if (now === null || now.state === 'Z' || now.startTicks !== startTicks) onEnd();
    else cancel = clock.after(pollMs, check);
  };
  cancel = clock.after(pollMs, check);
  return () => cancel();
}
