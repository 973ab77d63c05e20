// Keeps nothing: what a diagnosis must not accuse.

export function answer(id) {
  return { id, trace: new Array(256).fill(id) }.trace.length;
}
