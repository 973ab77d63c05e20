// Which TCP ports a process listens on, by joining the kernel's socket table with the process's
// descriptors. It finds the one process of a group that serves the API, and its inspector.
// Source: proc_net(5); state 0A is TCP_LISTEN, ports are hexadecimal after the colon.

import { socketInodes, tcpSockets, tcpStates } from '../probes/socket-states.ts';

/** Ports the process listens on; empty when its tables cannot be read. */
export function listeningPorts(pid: number): number[] {
  const owned = ownedInodes(pid);
  if (owned.size === 0) return [];
  const listeners = tcpSockets(pid).filter(({ state }) => state === tcpStates.listen);
  const own = listeners.filter(({ inode }) => owned.has(inode));
  return [...new Set(own.map(({ localPort }) => localPort))];
}

/** The first of these processes that listens on the port of the URL. */
export function listenerOf(url: string, pids: readonly number[]): number | undefined {
  const port = portOf(url);
  return pids.find((pid) => listeningPorts(pid).includes(port));
}

export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  if (port !== '') return Number(port);
  return protocol === 'https:' || protocol === 'wss:' ? 443 : 80;
}

function ownedInodes(pid: number): ReadonlySet<string> {
  try {
    return new Set(socketInodes(pid));
  } catch {
    // The process ended or belongs to someone else: nothing is known about its sockets.
    return new Set();
  }
}
