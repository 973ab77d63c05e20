// Deltas of text in ConverseStream, one by one and in runs. They depend on the text and on the
// index of their block alone, the padding too, so each is encoded once for all answers.

import { joinedFrames, onceEncoded } from '../codec/once-encoded.ts';
import type { EncodedFrame } from '../provider.ts';
import { eventFrame } from './event-frames.ts';
import { paddingOf } from './padding.ts';

const keptBytes = 4 * 1024 ** 2;

/** Text nearly always stands in the first block, or behind thinking in the second. */
const kept = [0, 1].map((index) => {
  const one = onceEncoded((text: string) => encode(index, text), keptBytes);
  const join = (texts: readonly string[]) => joinedFrames(texts.map(one));
  return { one, run: onceEncoded(join, keptBytes) };
});

export function textDelta(index: number, text: string): EncodedFrame {
  return kept[index]?.one(text) ?? encode(index, text);
}

export function textDeltas(index: number, texts: readonly string[]): EncodedFrame {
  return kept[index]?.run(texts) ?? joinedFrames(texts.map((text) => encode(index, text)));
}

function encode(index: number, text: string): EncodedFrame {
  const delta = `{"text":${JSON.stringify(text)}}`;
  const json = `{"contentBlockIndex":${index},"delta":${delta},"p":"${paddingOf(text)}"}`;
  return eventFrame('contentBlockDelta', 'delta', json);
}
