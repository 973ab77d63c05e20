// Where speech begins and ends in a stream of 16-bit PCM: loud enough is speech, and silence that
// lasts ends it. Time is counted in samples, so the outcome depends on the sound alone.

import type { Sound } from './client-message.ts';

export interface SpeechDetector {
  readonly isSpeaking: boolean;
  /** Takes one piece of sound; says what changed in it. */
  hear(sound: Sound): 'begun' | 'ended' | undefined;
  /** No more sound comes; true when somebody was speaking. */
  end(): boolean;
}

/** About -36 dB of full scale: louder than a quiet room, softer than a voice. */
const loudFrom = 500;

export function createSpeechDetector(silenceMs: number): SpeechDetector {
  let isSpeaking = false;
  let quietMs = 0;
  return {
    get isSpeaking() {
      return isSpeaking;
    },
    hear(sound) {
      if (isLoud(sound.pcm)) {
        quietMs = 0;
        if (isSpeaking) return undefined;
        isSpeaking = true;
        return 'begun';
      }
      quietMs += lengthMs(sound);
      if (!isSpeaking || quietMs < silenceMs) return undefined;
      isSpeaking = false;
      return 'ended';
    },
    end() {
      const wasSpeaking = isSpeaking;
      isSpeaking = false;
      quietMs = 0;
      return wasSpeaking;
    },
  };
}

export function lengthMs({ pcm, rateHz }: Sound): number {
  return (pcm.length / 2 / rateHz) * 1000;
}

function isLoud(pcm: Buffer): boolean {
  for (let at = 0; at + 1 < pcm.length; at += 2) {
    if (Math.abs(pcm.readInt16LE(at)) >= loudFrom) return true;
  }
  return false;
}
