// Answers are kept for eight seconds: longer than the first look takes, shorter than the rest.

const kept = new Map();

export function keep(id) {
  kept.set(id, new Array(128).fill(id));
  setTimeout(() => kept.delete(id), 8_000);
}
