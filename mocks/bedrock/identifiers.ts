// Identifiers that look like the service's, drawn from the script's seed.

import type { Rng } from '../../injectors/determinism.ts';

const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** `msg_bdrk_01AbC…`: prefix and 24 characters, as Anthropic models on Bedrock give them. */
export function anthropicId(prefix: string, rng: Rng): string {
  let id = `${prefix}_bdrk_01`;
  for (let index = 0; index < 22; index++) id += alphabet.charAt(rng.integer(0, 57));
  return id;
}

/** Converse's id of a tool call, from the script's. */
export function toolUseId(id: string): string {
  return `tooluse_${id}`;
}

/** A version 4 UUID. */
export function randomUuid(rng: Rng): string {
  const pattern = 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx';
  return pattern.replace(/[xy]/g, (place) =>
    (place === 'x' ? rng.integer(0, 15) : rng.integer(8, 11)).toString(16),
  );
}
