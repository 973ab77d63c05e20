// Transparent mode on one machine: this process continues in a network and a hosts file of its own,
// where the names of the real services are loopback. All that leakbed starts lives there too, so
// load, probes and the inspector reach the gateway as ever, and nobody else is reached. The
// namespaces have no name: they end with the last process in them, however it ends.
// Source: namespaces(7), unshare(1).

import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';

export interface OwnNetwork {
  /** Names that mean 127.0.0.1 there. */
  readonly hosts: readonly string[];
  /** Further addresses of the loopback interface, each with its names. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
}

/** Names the network this process came from; whoever is in another one has arrived. */
const cameFrom = 'LEAKBED_CAME_FROM';

export function isInOwnNetwork(): boolean {
  const from = process.env[cameFrom];
  return from !== undefined && from !== currentNetwork();
}

/**
 * Starts this process anew, under the same PID, in a network of its own. Returns only where it is
 * there already; throws a sentence where the machine or the user's rights do not allow it.
 */
export function enterOwnNetwork(network: OwnNetwork): void {
  if (isInOwnNetwork()) {
    delete process.env[cameFrom];
    return;
  }
  const refused = whyNoOwnNetwork(network);
  if (refused !== null) throw new Error(refused);
  const way = unshareArguments(network, process.getuid?.() ?? 0);
  // A wrapper that watches over this process loses its channel; the kernel watches instead.
  const watched = process.connected ? ['setpriv', '--pdeathsig', 'TERM'] : [];
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const command = ['/usr/bin/env', 'unshare', ...way, ...watched, ...again];
  const environment = { ...process.env, [cameFrom]: currentNetwork() };
  process.execve?.('/usr/bin/env', command, environment);
  throw new Error(refusal(`Node ${process.version} cannot replace itself`));
}

/** A sentence where the machine or the user's rights do not allow it, found by trying; or null. */
export function whyNoOwnNetwork(network: OwnNetwork): string | null {
  const way = unshareArguments(network, process.getuid?.() ?? 0);
  const tried = spawnSync('unshare', [...way, 'true'], { encoding: 'utf8' });
  if (tried.error === undefined && tried.status === 0) return null;
  return refusal(tried.error?.message ?? tried.stderr.trim());
}

function currentNetwork(): string {
  return readlinkSync('/proc/self/ns/net');
}

/**
 * The hosts file is written to a memory disk that is laid over /tmp for that moment only, so that
 * nothing of it can be left on the real one.
 */
const setUp = `set -e
path=$PATH
PATH="$PATH:/usr/sbin:/sbin"
ip link set lo up
for address in $1; do ip address add "$address/32" dev lo; done
mount -t tmpfs leakbed /tmp
{ echo "$2"; cat /etc/hosts; } > /tmp/hosts
mount --bind /tmp/hosts /etc/hosts
umount /tmp
PATH=$path
shift 2
exec "$@"`;

/** Who is not root becomes it inside, with rights over these namespaces and over nothing else. */
function unshareArguments({ hosts, addresses }: OwnNetwork, uid: number): readonly string[] {
  const own = uid === 0 ? [] : ['--user', '--map-root-user'];
  const lines = [
    ...hosts.map((host) => `127.0.0.1 ${host}`),
    ...Object.entries(addresses).flatMap(([address, names]) =>
      names.map((name) => `${address} ${name}`),
    ),
  ];
  const given = [Object.keys(addresses).join(' '), lines.join('\n')];
  return [...own, '--net', '--mount', '/bin/sh', '-c', setUp, 'leakbed', ...given];
}

function refusal(why: string): string {
  const cannot = 'Cannot give the gateway a network of its own for transparent mode:';
  if (/\bip: .*not found/.test(why)) return `${cannot} there is no "ip". Install iproute2.`;
  if (why.includes('ENOENT')) {
    return `${cannot} there is no "unshare". Install util-linux; only Linux has it.`;
  }
  return (
    `${cannot} ${why.split('\n').at(-1)}. Run leakbed as root; in a container, as root with ` +
    '--privileged, or use the profile "transparent" of compose.yaml.'
  );
}
