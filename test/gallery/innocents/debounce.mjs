// A timer that every request puts off: one at a time.

let timer;

export function touch(id) {
  clearTimeout(timer);
  timer = setTimeout(() => id, 1_000);
}
