// What providers remember between requests of one server: cached contents, long-running jobs.
// Each server has its own, and a reset of the control plane empties it.

export interface Memory {
  /** What was made under this name, made now if there is none yet. It must bound itself. */
  of<T extends object>(name: string, make: () => T): T;
  reset(): void;
}

export function createMemory(): Memory {
  const kept = new Map<string, object>();
  return {
    of<T extends object>(name: string, make: () => T): T {
      const found = kept.get(name) as T | undefined;
      if (found !== undefined) return found;
      const made = make();
      kept.set(name, made);
      return made;
    },
    reset: () => kept.clear(),
  };
}
