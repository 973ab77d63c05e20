// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Notes the sizes of collections at three moments, by identity, and names
// those that grew each time. It holds them weakly: a census that is forgotten keeps nothing alive.

export type Collection = Map<unknown, unknown> | Set<unknown> | unknown[];

export interface GrownCollection {
  readonly kind: 'Map' | 'Set' | 'Array';
  readonly sizes: readonly [number, number, number];
  /** What the last element is: "number", "string", "Object". */
  readonly element: string;
}

export interface CollectionCensus {
  /** Returns how many were looked at. */
  look(collections: readonly Collection[]): number;
  /** Those that grew between all three looks, the fastest first; each stays at its position. */
  grown(limit: number): GrownCollection[];
  at(position: number): Collection | undefined;
}

export function installCollectionCensus(): CollectionCensus {
  interface Sizes {
    first: number;
    second: number;
  }
  const known = new WeakMap<object, Sizes>();
  let grownOnes: { collection: Collection; sizes: [number, number, number] }[] = [];
  const sizeOf = (collection: Collection) => {
    try {
      return Array.isArray(collection) ? collection.length : collection.size;
    } catch {
      // A prototype, or an object that only borrowed one.
      return -1;
    }
  };
  const elementOf = (collection: Collection) => {
    let last: unknown;
    if (Array.isArray(collection)) last = collection.at(-1);
    else for (const value of collection.values()) last = value;
    if (typeof last !== 'object' || last === null) return typeof last;
    return last.constructor?.name ?? 'object';
  };
  return {
    look(collections) {
      grownOnes = [];
      for (const collection of collections) {
        const size = sizeOf(collection);
        if (!(size >= 0)) continue;
        const sizes = known.get(collection);
        if (sizes === undefined) known.set(collection, { first: size, second: -1 });
        else if (sizes.second === -1) sizes.second = size;
        else if (sizes.second > sizes.first && size > sizes.second) {
          grownOnes.push({ collection, sizes: [sizes.first, sizes.second, size] });
        }
      }
      return collections.length;
    },
    grown(limit) {
      grownOnes.sort((a, b) => b.sizes[2] - b.sizes[0] - (a.sizes[2] - a.sizes[0]));
      grownOnes.length = Math.min(limit, grownOnes.length);
      return grownOnes.map(({ collection, sizes }) => ({
        kind: Array.isArray(collection) ? 'Array' : collection instanceof Map ? 'Map' : 'Set',
        sizes,
        element: elementOf(collection),
      }));
    },
    at: (position) => grownOnes[position]?.collection,
  };
}
