// The sockets of one process, and the TCP ones by state: the inodes behind its descriptors, joined
// with the tables of its network namespace. Costs a readlink for each descriptor and a read that
// grows with all connections of the namespace. Source: proc_pid_net(5), include/net/tcp_states.h.

import { readdirSync, readlinkSync } from 'node:fs';
import { readOrEmpty } from './cgroup-files.ts';

export interface SocketCounts {
  readonly socketCount: number;
  readonly establishedCount: number;
  readonly closeWaitCount: number;
  /** Those that nobody asked to be opened from outside: their port is none it listens on. */
  readonly outboundCount: number;
}

export interface TcpSocket {
  readonly inode: string;
  readonly state: string;
  readonly localPort: number;
}

/** Two hexadecimal digits, as the tables have them. */
export const tcpStates = { established: '01', closeWait: '08', listen: '0A' } as const;

export function socketsByState(pid: number): SocketCounts {
  const byInode = new Map(tcpSockets(pid).map((socket) => [socket.inode, socket]));
  const inodes = socketInodes(pid);
  const own = inodes.flatMap((inode) => byInode.get(inode) ?? []);
  const inState = (state: string) => own.filter((socket) => socket.state === state);
  const served = new Set(inState(tcpStates.listen).map(({ localPort }) => localPort));
  return {
    socketCount: inodes.length,
    establishedCount: inState(tcpStates.established).length,
    closeWaitCount: inState(tcpStates.closeWait).length,
    outboundCount: own.filter(({ localPort }) => !served.has(localPort)).length,
  };
}

/** Of all descriptors that are sockets; throws when they cannot be listed. */
export function socketInodes(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
      return inode === undefined ? [] : [inode];
    } catch {
      // Closed between the listing and this look.
      return [];
    }
  });
}

/** All of the process's network namespace; without IPv6 there is no table for it. */
export function tcpSockets(pid: number): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readOrEmpty(`/proc/${pid}/net/${table}`)
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        // TIME_WAIT belongs to no process any more, and is most of a long table.
        if (line.includes(' 06 ')) return [];
        const fields = line.trim().split(/\s+/);
        const [, local, , state] = fields;
        const inode = fields[9];
        if (local === undefined || state === undefined || inode === undefined) return [];
        const localPort = Number.parseInt(local.split(':').at(-1) ?? '', 16);
        return [{ inode, state, localPort }];
      }),
  );
}
