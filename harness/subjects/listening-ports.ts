// Which TCP ports a process listens on, by joining the kernel's socket table with the process's
// descriptors. It finds the one process of a group that serves the API, and its inspector.
// Source: proc_net(5); state 0A is TCP_LISTEN, ports are hexadecimal after the colon.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ports the process listens on; empty when its tables cannot be read. */
export function listeningPorts(pid: number): number[] {
  const owned = socketInodes(pid);
  if (owned.size === 0) return [];
  const ports = ['tcp', 'tcp6'].flatMap((table) => listeners(`/proc/${pid}/net/${table}`));
  return [...new Set(ports.filter(({ inode }) => owned.has(inode)).map(({ port }) => port))];
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

function listeners(path: string): { inode: string; port: number }[] {
  let table: string;
  try {
    table = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => ({
      inode: fields[9] ?? '',
      port: Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16),
    }));
}

function socketInodes(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = socketInode(`/proc/${pid}/fd/${fd}`);
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    // The process ended or belongs to someone else: nothing is known about its sockets.
  }
  return inodes;
}

/** Undefined for what is no socket, and for a descriptor that was closed meanwhile. */
function socketInode(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}
