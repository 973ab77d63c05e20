// The model's voice: seeded 16-bit PCM of an exact size, and what it is said to say. One pool of
// noise serves a whole answer, as the text filler does.

import type { Rng } from '../../../injectors/determinism.ts';

export const voiceMimeType = 'audio/pcm;rate=24000';

/** Bytes in a second of sound, and characters a voice says in it. */
const bytesPerSecond = 48_000;
const charactersPerSecond = 15;
/** Tokens in a second of sound, of clients and models alike. */
const tokensPerSecond = 25;

const poolBytes = 12_288;
const amplitude = 8000;

/** Sound as base64; a byte is added where samples would be halved. */
export function createVoice(rng: Rng): (offset: number, length: number) => string {
  const pool = Buffer.alloc(poolBytes);
  for (let at = 0; at < poolBytes; at += 2)
    pool.writeInt16LE(rng.integer(-amplitude, amplitude), at);
  return (offset, length) => {
    const start = (offset - (offset % 2)) % poolBytes;
    const size = length + (length % 2);
    if (start + size <= poolBytes) return pool.toString('base64', start, start + size);
    return Buffer.alloc(size, pool).toString('base64');
  };
}

/** As much of a text as is said in so many bytes of sound; never nothing. */
export function saidIn(bytes: number, text: string): string {
  return text.slice(0, Math.max(1, Math.round((bytes / bytesPerSecond) * charactersPerSecond)));
}

/** Characters of a transcript of so much speech. */
export function charactersIn(speechMs: number): number {
  return Math.max(8, Math.round((speechMs / 1000) * charactersPerSecond));
}

export function tokensInSpeech(speechMs: number): number {
  return Math.ceil((speechMs / 1000) * tokensPerSecond);
}

export function tokensInVoice(bytes: number): number {
  return tokensInSpeech((bytes / bytesPerSecond) * 1000);
}
