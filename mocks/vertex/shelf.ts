// A bounded collection with pages: what the fake keeps of resources that clients make. The oldest
// goes when a new one does not fit, so a client that never deletes costs nothing for ever.

export interface Shelf<T> {
  put(name: string, item: T): void;
  get(name: string): T | undefined;
  delete(name: string): boolean;
  page(prefix: string, size: number, token: string): Page<T>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const capacity = 1000;

export function createShelf<T>(isAlive: (item: T) => boolean = () => true): Shelf<T> {
  const items = new Map<string, T>();
  const get = (name: string) => {
    const item = items.get(name);
    if (item === undefined || isAlive(item)) return item;
    items.delete(name);
    return undefined;
  };
  return {
    put(name, item) {
      items.delete(name);
      items.set(name, item);
      const [oldest] = items.keys();
      if (items.size > capacity && oldest !== undefined) items.delete(oldest);
    },
    get,
    delete: (name) => get(name) !== undefined && items.delete(name),
    page(prefix, size, token) {
      const names = [...items.keys()].filter(
        (name) => name.startsWith(prefix) && get(name) !== undefined,
      );
      const from = token === '' ? 0 : names.indexOf(token) + 1;
      const shown = names.slice(from, from + size);
      const hasMore = from + size < names.length;
      return {
        items: shown.flatMap((name) => items.get(name) ?? []),
        nextPageToken: hasMore ? (shown.at(-1) ?? '') : '',
      };
    },
  };
}
