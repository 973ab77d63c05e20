// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Counts living objects by what they are for; each prototype is looked at
// once, and through descriptors only, so that no getter of the gateway runs.

export interface ObjectCensus {
  readonly promises: number;
  /** Generators, asynchronous ones included, that somebody still holds. */
  readonly generators: number;
  /** What keeps connections: objects of classes named Client, Session, Channel, Agent or Pool. */
  readonly clients: number;
  /** Entries of all Maps, Sets and Arrays: a container's memory grows in steps, these do not. */
  readonly elements: number;
}

export function countObjects(all: readonly object[]): ObjectCensus {
  type Kind = Exclude<keyof ObjectCensus, 'elements'> | 'other';
  const { isMap, isProxy, isSet } = process.getBuiltinModule('node:util').types;
  const sizeOf = (collection: object, { prototype }: MapConstructor | SetConstructor): number =>
    Reflect.get(prototype, 'size', collection);
  const elementsOf = (object: object): number => {
    if (Array.isArray(object)) return object.length;
    if (isMap(object)) return sizeOf(object, Map);
    return isSet(object) ? sizeOf(object, Set) : 0;
  };
  const parent = (of: object): object => Object.getPrototypeOf(of);
  const makers = [(function* () {})(), (async function* () {})()].map((own) => parent(parent(own)));
  const nameOf = (prototype: object) => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, 'constructor') ?? {};
    return typeof value === 'function' ? String(value.name) : '';
  };
  const kindOf = (prototype: object): Kind => {
    const chain: object[] = [];
    for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at)) {
      chain.push(at);
    }
    if (chain.includes(Promise.prototype)) return 'promises';
    // A generator's own prototype is that of its function, which comes first in the chain.
    if (makers.some((maker) => chain.includes(maker) && chain[0] !== maker)) return 'generators';
    return chain.some((at) => /(?:Client|Session|Channel|Agent|Pool)$/.test(nameOf(at)))
      ? 'clients'
      : 'other';
  };
  const kinds = new Map<object, Kind>();
  const counts = { promises: 0, generators: 0, clients: 0, other: 0 };
  let elements = 0;
  for (const object of all) {
    const prototype = isProxy(object) ? null : Object.getPrototypeOf(object);
    if (prototype === null) continue;
    const kind = kinds.get(prototype) ?? kindOf(prototype);
    kinds.set(prototype, kind);
    counts[kind] += 1;
    elements += elementsOf(object);
  }
  return { ...counts, elements };
}
