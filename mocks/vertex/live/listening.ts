// Live input as it comes: sound in which speech is found, or activity that the client declares, and
// text between. It interrupts the model and says when a turn of the client is over.

import { type ClientMessage, invalid } from './client-message.ts';
import type { Conversation } from './conversation.ts';
import type { LiveSetup } from './setup.ts';
import { createSpeechDetector } from './speech.ts';

export type RealtimeInput = Extract<ClientMessage, { kind: 'realtime' }>;

const notManual =
  'Explicit activity control is not supported when automatic activity detection is enabled.';

export function createListener(
  { activity: { isManual, interrupts, silenceMs } }: LiveSetup,
  conversation: Conversation,
): (input: RealtimeInput) => void {
  const speech = createSpeechDetector(silenceMs);
  const speaks = () => {
    if (interrupts) conversation.interrupt();
  };
  return (input) => {
    if (!isManual && (input.isStart || input.isEnd)) throw invalid(notManual);
    if (input.isStart) speaks();
    let hasEnded = input.isEnd;
    for (const sound of input.sounds) {
      const change = isManual ? undefined : speech.hear(sound);
      if (change === 'begun') speaks();
      if (change === 'ended') hasEnded = true;
      if (isManual || speech.isSpeaking || change === 'ended') conversation.draft.addSound(sound);
    }
    if (input.isStreamEnd && speech.end()) hasEnded = true;
    if (input.text !== undefined) {
      speaks();
      conversation.draft.addText(input.text);
      // Text is its own end, unless the client says where its activity ends.
      if (!isManual) hasEnded = true;
    }
    if (hasEnded) conversation.ask();
  };
}
