// Words seen so far, of 2,000 that there are: ever fewer of them are new.

const words = new Map();

export function learn(id) {
  for (let part = 0; part < 3; part++) {
    const word = `word ${((id * 3 + part) * 7_919) % 2_000}`;
    words.set(word, (words.get(word) ?? 0) + 1);
  }
}
