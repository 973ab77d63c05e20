// The padding field `p` of every stream event: the start of a fixed alphabet, 2 to 61 characters,
// so that a frame's size does not give away the length of its token. Clients drop it.

import { crc32 } from 'node:zlib';
import type { Rng } from '../../injectors/determinism.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Draws a new padding at each call; it never needs escaping in JSON. */
export function createPadding(rng: Rng): () => string {
  return () => alphabet.slice(0, rng.integer(2, 61));
}

/** The padding of a piece of text: always the same, so that its frame can be kept. */
export function paddingOf(text: string): string {
  return alphabet.slice(0, 2 + (crc32(text) % 60));
}
