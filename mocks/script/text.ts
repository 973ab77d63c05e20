// Seeded filler that looks like prose and has an exact size: ASCII words, so bytes are characters
// and a piece can be cut anywhere.

import type { Rng } from '../../injectors/determinism.ts';

const words =
  'the model answers with plain words so that every byte of the stream can be counted and a cut can be placed between any two of them while clients see ordinary text that never repeats itself in quite the same order'.split(
    ' ',
  );

/** How much text one answer varies over before it repeats; keeps huge answers cheap. */
const poolBytes = 8192;

/** An endless text: `slice(offset, length)` is the same for one seed, whatever is asked first. */
export function fillerText(rng: Rng): (offset: number, length: number) => string {
  let pool = '';
  while (pool.length < poolBytes) pool += `${rng.pick(words)} `;
  pool = pool.slice(0, poolBytes);
  return (offset, length) => {
    const start = offset % poolBytes;
    if (start + length <= poolBytes) return pool.slice(start, start + length);
    const doubled = pool.repeat(Math.ceil((start + length) / poolBytes));
    return doubled.slice(start, start + length);
  };
}

/** The usual rule of thumb for English; fakes only need usage that is consistent. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / 4);
}
