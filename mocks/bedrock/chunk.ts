// Chunks of InvokeModelWithResponseStream: a provider's JSON in base64, with Bedrock's padding.

import type { EncodedFrame } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { errorFrame, eventFrame } from './event-frames.ts';
import { createPadding } from './padding.ts';

export interface Chunks {
  chunk(label: EncodedFrame['label'], json: string): EncodedFrame;
  exception(name: string, message: string): readonly EncodedFrame[];
}

/** Every family streams through these; only the JSON inside differs. */
export function createChunks(script: StreamScript): Chunks {
  const padding = createPadding(script.rng.fork('padding'));
  return {
    chunk(label, json) {
      const bytes = Buffer.from(json).toString('base64');
      return eventFrame('chunk', label, `{"bytes":"${bytes}","p":"${padding()}"}`);
    },
    exception: (name, message) => [errorFrame(name, message)],
  };
}
