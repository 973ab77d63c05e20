// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Notes the sizes of collections at three moments, by identity, and names
// those that grew each time. It holds them weakly: a census that is forgotten keeps nothing alive.
// Its functions begin with "leakbed", by which a profile knows them (allocation-profile.ts).

export type Collection = Map<unknown, unknown> | Set<unknown> | unknown[];

export interface GrownCollection {
  readonly kind: 'Map' | 'Set' | 'Array';
  readonly sizes: readonly [number, number, number];
  /** What the last element is: "number", "string", "Object". */
  readonly element: string;
}

export interface CollectionCensus {
  /** First look: of all these objects, the collections that hold something worth following. */
  enrol(objects: readonly unknown[]): number;
  /** Second and third look at those. */
  look(): void;
  /** Those that grew between all three looks, the fastest first; each stays at its position. */
  grown(limit: number): GrownCollection[];
  at(position: number): Collection | undefined;
}

export function installCollectionCensus(leastSize: number): CollectionCensus {
  interface Followed {
    readonly held: WeakRef<Collection>;
    readonly sizes: number[];
  }
  let followed: Followed[] = [];
  let grownOnes: { collection: Collection; sizes: number[] }[] = [];
  const types = process.getBuiltinModule?.('node:util').types;
  // A Proxy must not be asked for its prototype: that would run code of the target's.
  const isMap = types?.isMap ?? ((value: unknown) => value instanceof Map);
  const isSet = types?.isSet ?? ((value: unknown) => value instanceof Set);
  const isCollection = (value: unknown): value is Collection =>
    Array.isArray(value) || isMap(value) || isSet(value);
  const sizeOf = (collection: Collection) => {
    try {
      return Array.isArray(collection) ? collection.length : collection.size;
    } catch {
      // A Proxy of an array that throws.
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
    enrol: function leakbedEnrol(objects) {
      for (const object of objects) {
        if (!isCollection(object)) continue;
        const size = sizeOf(object);
        if (size >= leastSize) followed.push({ held: new WeakRef(object), sizes: [size] });
      }
      return followed.length;
    },
    look: function leakbedLook() {
      // What did not grow since the last look is out, and what is gone.
      followed = followed.filter(({ held, sizes }) => {
        const collection = held.deref();
        const size = collection === undefined ? -1 : sizeOf(collection);
        return sizes.push(size) > 0 && size > (sizes.at(-2) ?? 0);
      });
    },
    grown: function leakbedGrown(limit) {
      grownOnes = followed
        .flatMap(({ held, sizes }) => {
          const collection = held.deref();
          return collection === undefined || sizes.length < 3 ? [] : [{ collection, sizes }];
        })
        .sort(
          (a, b) => (b.sizes[2] ?? 0) - (b.sizes[0] ?? 0) - (a.sizes[2] ?? 0) + (a.sizes[0] ?? 0),
        )
        .slice(0, limit);
      return grownOnes.map(({ collection, sizes: [first = 0, second = 0, third = 0] }) => ({
        kind: Array.isArray(collection) ? 'Array' : isMap(collection) ? 'Map' : 'Set',
        sizes: [first, second, third],
        element: elementOf(collection),
      }));
    },
    at: (position) => grownOnes[position]?.collection,
  };
}
