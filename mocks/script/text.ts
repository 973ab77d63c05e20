// Seeded filler that looks like prose and has an exact size: ASCII words, so bytes are characters
// and a piece can be cut anywhere.

import { type Rng, seededRng } from '../../injectors/determinism.ts';

const words =
  'the model answers with plain words so that every byte of the stream can be counted and a cut can be placed between any two of them while clients see ordinary text that never repeats itself in quite the same order'.split(
    ' ',
  );

/**
 * How much text there is before it repeats: 2^10 x 3 x 5, so that pieces of usual sizes fall on few
 * different places, and what is made of a piece can be kept.
 */
const poolBytes = 15_360;
/** Where an answer may begin in it. */
const startBytes = 240;
/** Characters of pieces that are kept, and pieces in one run. */
const keptCharacters = 4 * 1024 ** 2;
const longestRun = 4096;
const largestRun = 262_144;

const pool = makePool(seededRng(1));
const pieces = new Map<number, string>();
const runs = new Map<string, readonly string[]>();
let keptLength = 0;

export interface FillerText {
  /** An endless text: the same for one seed, whatever is asked first. */
  (offset: number, length: number): string;
  /**
   * Pieces of one length, one after another: at most `count`, at least one. The same list comes
   * again where the text does, so that what was made of it can be kept.
   */
  run(offset: number, length: number, count: number): readonly string[];
}

export function fillerText(rng: Rng): FillerText {
  const start = rng.integer(0, poolBytes / startBytes - 1) * startBytes;
  const at = (offset: number) => (start + offset) % poolBytes;
  return Object.assign((offset: number, length: number) => piece(at(offset), length), {
    run: (offset: number, length: number, count: number) =>
      runOf(at(offset), length, Math.min(count, cycleOf(length))),
  });
}

/** How many pieces there are until they repeat, or fewer where these are many or large. */
function cycleOf(length: number): number {
  const most = Math.max(1, Math.min(longestRun, Math.floor(largestRun / length)));
  return Math.min(most, poolBytes / commonDivisor(poolBytes, length));
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function runOf(start: number, length: number, count: number): readonly string[] {
  const key = `${start}:${length}:${count}`;
  const known = runs.get(key);
  if (known !== undefined) return known;
  const made = Array.from({ length: count }, (_, index) =>
    piece((start + index * length) % poolBytes, length),
  );
  keep(count * stringBytes);
  runs.set(key, made);
  return made;
}

/** One string for one piece, so that it is hashed once by whoever keeps something for it. */
function piece(start: number, length: number): string {
  const key = length * poolBytes + start;
  const known = pieces.get(key);
  if (known !== undefined) return known;
  const source =
    start + length <= poolBytes ? pool : pool.repeat(1 + Math.ceil(length / poolBytes));
  const made = source.slice(start, start + length);
  if (length > keptCharacters) return made;
  keep(length + stringBytes);
  pieces.set(key, made);
  return made;
}

/** What a string weighs beside its characters. */
const stringBytes = 32;

/** Forgets all that is kept where this would be too much. */
function keep(bytes: number): void {
  keptLength += bytes;
  if (keptLength <= keptCharacters) return;
  pieces.clear();
  runs.clear();
  keptLength = bytes;
}

function makePool(rng: Rng): string {
  let text = '';
  while (text.length < poolBytes) text += `${rng.pick(words)} `;
  return text.slice(0, poolBytes);
}

/** The usual rule of thumb for English; fakes only need usage that is consistent. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / 4);
}
