// What every request is given at the door, whatever transport brought it: a place in the seed, an
// id, and the number of its connection.

import type { Socket } from 'node:net';
import { type Clock, type Rng, seededRng } from '../injectors/determinism.ts';
import type { AnswerContext } from './answer.ts';
import type { GoogleGate } from './auth/google/gate.ts';
import { providers } from './index.ts';
import type { Journal } from './journal.ts';
import { createMemory, type Memory } from './memory.ts';
import type { PlanInForce } from './plan-in-force.ts';
import type { Provider } from './provider.ts';

export interface Intake {
  readonly clock: Clock;
  readonly memory: Memory;
  /** Handed on to every request. */
  readonly gate: GoogleGate | undefined;
  /** Admits one request; the nth request of a run gets the same seed and id in every run. */
  admit(socket: Socket): Admission;
  /** An id for a request that was refused before it could be read; takes no place in the seed. */
  refusedId(): string;
}

export interface Admission {
  readonly requestId: string;
  contextFor(provider: Provider): AnswerContext;
}

export function createIntake(
  seed: number,
  parts: { readonly plan: PlanInForce; readonly journal: Journal; readonly clock: Clock },
  memory: Memory = createMemory(),
  gate?: GoogleGate | undefined,
): Intake {
  const root = seededRng(seed);
  const connections = new WeakMap<Socket, { index: number; exchanges: number }>();
  let connectionCount = 0;
  let requestCount = 0;
  let refusedCount = 0;
  const connectionOf = (socket: Socket) => {
    const known = connections.get(socket) ?? { index: connectionCount++, exchanges: 0 };
    connections.set(socket, known);
    return { index: known.index, exchange: known.exchanges++ };
  };
  return {
    clock: parts.clock,
    memory,
    gate,
    refusedId: () => uuid(root.fork(`refused:${refusedCount++}`)),
    admit(socket) {
      const rng = root.fork(`request:${requestCount++}`);
      const connection = connectionOf(socket);
      return {
        requestId: uuid(rng.fork('id')),
        contextFor: (provider) => ({ ...parts, provider, rng, connection }),
      };
    },
  };
}

/** A version 4 UUID (RFC 9562) drawn from the seed. */
function uuid(rng: Rng): string {
  const hex = (bits: number) =>
    Math.floor(rng.next() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0');
  const variant = '89ab'[rng.integer(0, 3)] ?? '8';
  return `${hex(32)}-${hex(16)}-4${hex(12)}-${variant}${hex(12)}-${hex(32)}${hex(16)}`;
}

/** The provider whose prefix the path has, perhaps after a path prefix of the user's own. */
export function providerOfPath(
  path: string,
): { readonly provider: Provider; readonly rawPath: string } | undefined {
  const segments = path.split('/').slice(1);
  // From the end, because a path in front may hold another provider's prefix: /proxy/v1/model/….
  const index = segments.findLastIndex((segment) => owner(segment) !== undefined);
  const provider = owner(segments[index]);
  return provider && { provider, rawPath: `/${segments.slice(index).join('/')}` };
}

function owner(segment: string | undefined): Provider | undefined {
  return providers.find(({ prefixes }) => segment !== undefined && prefixes.includes(segment));
}

export function providerOfService(service: string): Provider | undefined {
  return providers.find(({ services }) => services.includes(service));
}
