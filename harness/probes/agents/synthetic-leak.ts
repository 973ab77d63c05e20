// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Keeps what it is told to, and lets go when told to, or when nobody has
// asked for a minute: leakbed may have been killed.

export interface KeptInTarget {
  keep(count: number): void;
  release(): void;
}

export function installSyntheticLeak(
  kind: 'objects' | 'buffers' | 'timers',
  bytes: number,
  forgottenMs: number,
): KeptInTarget {
  let syntheticLeak: unknown[] = [];
  /** Eight bytes an element; the numbers differ, so that nothing is shared. */
  const objects = () => Array.from({ length: Math.ceil(bytes / 8) }, (_, at) => at);
  const makers = {
    objects,
    buffers: () => new Uint8Array(bytes).fill(1),
    timers: () => {
      const held = objects();
      return setInterval(() => held.length, 2 ** 30);
    },
  };
  const release = () => {
    if (kind === 'timers')
      for (const timer of syntheticLeak) clearInterval(timer as NodeJS.Timeout);
    syntheticLeak = [];
  };
  let forgotten: NodeJS.Timeout | undefined;
  return {
    keep(count) {
      clearTimeout(forgotten);
      forgotten = setTimeout(release, forgottenMs).unref();
      for (let nth = 0; nth < count; nth++) syntheticLeak.push(makers[kind]());
    },
    release() {
      clearTimeout(forgotten);
      release();
    },
  };
}
