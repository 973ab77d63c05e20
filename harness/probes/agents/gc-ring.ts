// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Notes start, duration and kind of every collection in a ring of fixed
// size and, when nobody has asked for a minute, takes itself down: leakbed may have been killed.
// Source: https://nodejs.org/api/perf_hooks.html#performanceobserver

export interface GcRing {
  /**
   * Start, duration and kind (NODE_PERFORMANCE_GC_…) in turn, oldest first, since the last call;
   * times on the target's clock.
   */
  drain(): number[];
  stop(): void;
}

interface GcEntry {
  readonly startTime: number;
  readonly duration: number;
  readonly detail: { readonly kind: number };
}

export function installGcRing(size: number, forgottenMs: number): GcRing {
  const load = process.getBuiltinModule;
  if (load === undefined) throw new Error('GC pauses need Node 20.16 or 22.3 in the gateway');
  const { PerformanceObserver, performance } = load('node:perf_hooks');
  const ring = new Float64Array(3 * size);
  let written = 0;
  let drained = 0;
  let askedMs = performance.now();
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as unknown as GcEntry[];
    for (const { startTime, duration, detail } of entries) {
      const { kind } = detail;
      ring.set([startTime, duration, kind], 3 * (written % size));
      written++;
    }
    if (performance.now() - askedMs > forgottenMs) observer.disconnect();
  });
  observer.observe({ type: 'gc' });
  return {
    drain() {
      askedMs = performance.now();
      const events: number[] = [];
      for (let at = Math.max(drained, written - size); at < written; at++) {
        events.push(...ring.subarray(3 * (at % size), 3 * (at % size) + 3));
      }
      drained = written;
      return events;
    },
    stop: () => observer.disconnect(),
  };
}
