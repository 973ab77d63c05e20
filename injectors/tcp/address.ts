// Addresses as Toxiproxy writes them, `host:port`, and its words for one that cannot be used: Go's,
// because its clients compare them.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

export const printAddress = ({ host, port }: TcpAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** `127.0.0.1:80`, `[::1]:80`, `db:5432`, `:80` (every interface); throws in Go's words. */
export function parseAddress(text: string): TcpAddress {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text);
  if (match === null) {
    const isCrowded = /:.*:/.test(text) && !text.startsWith('[');
    const reason = isCrowded ? 'too many colons in address' : 'missing port in address';
    throw new Error(`address ${text}: ${reason}`);
  }
  const digits = match[3] ?? '';
  if (!/^\d*$/.test(digits)) throw new Error(`lookup tcp/${digits}: unknown port`);
  const port = Number(digits);
  if (port > 65_535) throw new Error(`address ${port}: invalid port`);
  return { host: match[1] ?? match[2] ?? '', port };
}

/** Names become numbers, IPv4 first as in Go; no name is every interface. */
export async function resolveAddress(text: string): Promise<TcpAddress> {
  const { host, port } = parseAddress(text);
  if (host === '') return { host: '::', port };
  if (isIP(host) !== 0) return { host, port };
  try {
    const { address } = await lookup(host, { order: 'ipv4first' });
    return { host: address, port };
  } catch {
    throw new Error(`lookup ${host}: no such host`);
  }
}

/** `listen tcp 127.0.0.1:80: bind: address already in use`. */
export function listenError(address: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason = bindReasons[code];
  if (reason !== undefined) {
    return new Error(`listen tcp ${address}: bind: ${reason}`, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`listen tcp: ${why}`, { cause: error });
}

const bindReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
};
