// Runs inside the target: its source text is sent through the inspector, so it must not refer to
// anything outside itself. Notes start and duration of every collection in a ring of fixed size
// and, when nobody has asked for a minute, takes itself down: leakbed may have been killed.
// Source: https://nodejs.org/api/perf_hooks.html#performanceobserver

export interface GcRing {
  /** Start and duration in turn, oldest first, since the last call; times on the target's clock. */
  drain(): number[];
  stop(): void;
}

export function installGcRing(size: number, forgottenMs: number): GcRing {
  const load = process.getBuiltinModule;
  if (load === undefined) throw new Error('GC pauses need Node 20.16 or 22.3 in the gateway');
  const { PerformanceObserver, performance } = load('node:perf_hooks');
  const ring = new Float64Array(2 * size);
  let written = 0;
  let drained = 0;
  let askedMs = performance.now();
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      ring[2 * (written % size)] = startTime;
      ring[2 * (written % size) + 1] = duration;
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
        events.push(ring[2 * (at % size)] ?? 0, ring[2 * (at % size) + 1] ?? 0);
      }
      drained = written;
      return events;
    },
    stop: () => observer.disconnect(),
  };
}
