// Frames that are made once and sent again: filler repeats, so the same texts come in answer after
// answer, and where nothing else in a frame varies its bytes are the same. What is kept is bounded.

import type { EncodedFrame } from '../provider.ts';

/** `make` must depend on the key alone: a text, or a list of texts that is the same object. */
export function onceEncoded<Key>(
  make: (key: Key) => EncodedFrame,
  maxBytes: number,
): (key: Key) => EncodedFrame {
  const known = new Map<Key, EncodedFrame>();
  let knownBytes = 0;
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const frame = make(key);
    if (frame.bytes.length > maxBytes) return frame;
    knownBytes += frame.bytes.length;
    // A text that is no filler comes once; to begin anew is cheaper than to know what is old.
    if (knownBytes > maxBytes) {
      known.clear();
      knownBytes = frame.bytes.length;
    }
    known.set(key, frame);
    return frame;
  };
}

/** Frames of neighbouring pieces as one. */
export function joinedFrames(frames: readonly EncodedFrame[]): EncodedFrame {
  const bytes = Buffer.concat(frames.map((frame) => frame.bytes));
  return { bytes, label: 'delta', eventCount: frames.length };
}

export interface TextFrames {
  one(text: string): EncodedFrame;
  run(texts: readonly string[]): EncodedFrame;
}

/** Smaller ones are made as fast as they are found; an answer that has few keeps none. */
const largeCharacters = 4096;
const keptOfAnswer = 524_288;

/** Frames of one answer, where they hold something that no other answer has. */
export function textFrames(make: (text: string) => EncodedFrame): TextFrames {
  const large = onceEncoded(make, keptOfAnswer);
  let last: { readonly texts: readonly string[]; readonly frame: EncodedFrame } | undefined;
  const one = (text: string) => (text.length < largeCharacters ? make(text) : large(text));
  return {
    one,
    run(texts) {
      if (last?.texts !== texts) last = { texts, frame: joinedFrames(texts.map(make)) };
      return last.frame;
    },
  };
}
