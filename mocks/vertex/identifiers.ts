// Identifiers that look like the service's, drawn from a script's seed.

import type { Rng } from '../../injectors/determinism.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 19 digits, as resources have that the service names. */
export function decimalId(rng: Rng): string {
  return String(rng.integer(1, 9)) + Array.from({ length: 18 }, () => rng.integer(0, 9)).join('');
}

/** Letters and digits after a prefix: `msg_vrtx_01…`, `chatcmpl-…`. */
export function prefixedId(prefix: string, length: number, rng: Rng): string {
  return prefix + Array.from({ length }, () => alphabet.charAt(rng.integer(0, 61))).join('');
}
