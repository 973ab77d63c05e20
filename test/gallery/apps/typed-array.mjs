// Measured values in typed arrays, a new one whenever the last is full: numbers outside the heap.

const chunks = [new Float64Array(1024)];
let used = 0;

export function measure(id) {
  for (let step = 0; step < 128; step++) {
    if (used === 1024) used = chunks.push(new Float64Array(1024)) * 0;
    chunks.at(-1)[used++] = id;
  }
}
