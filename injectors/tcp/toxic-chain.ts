// The toxics of one proxy, in both directions, as data; whoever holds open links is told of every
// change.

import type { Link } from './link.ts';
import type { Direction, ToxicSpec } from './toxic.ts';

export interface ToxicChain {
  /** What a new connection gets. */
  readonly of: Readonly<Record<Direction, readonly ToxicSpec[]>>;
  /** Upstream ones first, each direction in the order in which they act. */
  readonly all: readonly ToxicSpec[];
  add(spec: ToxicSpec): void;
  /** The toxic of that name gets other attributes and another toxicity. */
  update(spec: ToxicSpec): void;
  remove(name: string): void;
  clear(): void;
}

/** Every open connection has a stage for each. */
const maxToxics = 100;

export function createToxicChain(openLinks: (direction: Direction) => Iterable<Link>): ToxicChain {
  const of: Record<Direction, readonly ToxicSpec[]> = { upstream: [], downstream: [] };
  const all = () => [...of.upstream, ...of.downstream];
  const drop = (spec: ToxicSpec) => {
    of[spec.stream] = of[spec.stream].filter((other) => other !== spec);
    for (const link of openLinks(spec.stream)) link.remove(spec);
  };
  return {
    of,
    get all() {
      return all();
    },
    add(spec) {
      if (all().some(({ name }) => name === spec.name)) {
        throw new Error(`Cannot add toxic ${spec.name}: it is there. Remove it first.`);
      }
      if (all().length >= maxToxics) {
        throw new Error(`Cannot add toxic ${spec.name}: there are ${maxToxics} on the proxy.`);
      }
      of[spec.stream] = [...of[spec.stream], spec];
      for (const link of openLinks(spec.stream)) link.add(spec);
    },
    update(spec) {
      of[spec.stream] = of[spec.stream].map((other) => (other.name === spec.name ? spec : other));
      for (const link of openLinks(spec.stream)) link.update(spec);
    },
    remove(name) {
      for (const spec of all()) if (spec.name === name) drop(spec);
    },
    clear() {
      for (const spec of all()) drop(spec);
    },
  };
}
