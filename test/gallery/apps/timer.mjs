// A timer for every request that is cleared by nobody.

export function watch(id) {
  const state = { id, trace: new Array(256).fill(id) };
  globalThis.setInterval(() => state.trace.length, 3_600_000).unref();
}
