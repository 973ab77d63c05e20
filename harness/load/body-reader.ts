// What reads an answer's body as it arrives: sse-reader.ts for streams, json-reader.ts for the
// rest. A reader keeps a bounded head for messages, never the body.

import type { TokenCounts } from '../record.ts';

export interface BodyReader {
  read(chunk: Buffer): void;
  /** After the last byte: why this is no good answer, or undefined when it is one. */
  problem(): string | undefined;
  /** After the last byte: what the answer says that it used. */
  tokens?(): TokenCounts | undefined;
}

/** Told of each content event; false stops the reader in the middle of a chunk. */
export type OnContent = () => boolean;

/** Longest piece of an answer that goes into an error text. */
export const quoteBytes = 200;

export function quote(bytes: Buffer): string {
  return bytes.toString('utf8', 0, quoteBytes).trim();
}
