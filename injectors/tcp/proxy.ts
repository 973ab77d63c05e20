// A proxy: one listening address, one upstream, the toxics between them, and the connections that
// are open. Toxics may change while connections live; each link is told at once.

import type { Clock, Rng } from '../determinism.ts';
import { printAddress, resolveAddress } from './address.ts';
import type { Connection } from './connection.ts';
import { createListener } from './listener.ts';
import type { Direction, ToxicSpec, ToxicTarget } from './toxic.ts';
import { createToxicChain } from './toxic-chain.ts';

export interface ProxyAddresses {
  readonly listen: string;
  readonly upstream: string;
}

interface Transferred {
  readonly received: number;
  readonly sent: number;
}

export interface TcpProxy extends ToxicTarget, ProxyAddresses {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly connectionCount: number;
  /** Upstream ones first, each direction in the order in which they act. */
  readonly toxics: readonly ToxicSpec[];
  readonly bytes: Readonly<Record<Direction, Transferred>>;
  updateToxic(spec: ToxicSpec): void;
  clearToxics(): void;
  /** A changed address drops every connection. Rejects in Go's words when it cannot listen. */
  update(change: ProxyAddresses, isEnabled: boolean): Promise<void>;
  /** True when these are its addresses, by name or by number. */
  isAt(addresses: ProxyAddresses): Promise<boolean>;
}

/** Toxiproxy would listen on every interface. */
const anyPort = '127.0.0.1:0';

/** It is disabled until `setEnabled(true)`. */
export function createProxy(
  name: string,
  addresses: ProxyAddresses,
  { clock, rng }: { readonly clock: Clock; readonly rng: Rng },
): TcpProxy {
  let { listen, upstream } = addresses;
  const connections = new Set<Connection>();
  const bytes = { upstream: { received: 0, sent: 0 }, downstream: { received: 0, sent: 0 } };
  const chain = createToxicChain((direction) => linksOf(connections, direction));
  const listener = createListener({
    upstream: () => upstream,
    chain,
    connections,
    clock,
    rng: rng.fork(name),
    count(direction, what, amount) {
      bytes[direction][what] += amount;
    },
  });

  const enable = async (isEnabled: boolean) => {
    if (isEnabled === (listener.address !== undefined)) return;
    if (!isEnabled) return listener.stop();
    await listener.start(listen || anyPort);
    listen = listener.address ?? listen;
  };
  const isAt = async (wanted: ProxyAddresses) => {
    const resolved = printAddress(await resolveAddress(wanted.listen || anyPort));
    return [wanted.listen, resolved].includes(listen) && wanted.upstream === upstream;
  };
  const inTurn = createTurns();

  return {
    name,
    get listen() {
      return listen;
    },
    get upstream() {
      return upstream;
    },
    get isEnabled() {
      return listener.address !== undefined;
    },
    get connectionCount() {
      return connections.size;
    },
    get toxics() {
      return chain.all;
    },
    bytes,
    addToxic: chain.add,
    updateToxic: chain.update,
    removeToxic: chain.remove,
    clearToxics: chain.clear,
    setEnabled: (isEnabled) => inTurn(() => enable(isEnabled)),
    update: (change, isEnabled) =>
      inTurn(async () => {
        if (!(await isAt(change))) {
          listener.stop();
          ({ listen, upstream } = change);
        }
        await enable(isEnabled);
      }),
    isAt,
  };
}

function* linksOf(connections: ReadonlySet<Connection>, direction: Direction) {
  for (const { links } of connections) yield links[direction];
}

/** One change at a time: two starts at once would leave a server that nobody knows. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
