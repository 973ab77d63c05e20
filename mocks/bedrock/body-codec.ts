// Codec of an answer that is one JSON body: collects the model's events, then gives one frame.
// An event that a fault took away leaves its part out, as a service that lost it would.

import type { ModelEvent, StopReason } from '../../injectors/stream.ts';
import type { Codec } from '../provider.ts';
import type { TokenCounts } from './usage.ts';

/** What a whole answer consists of. */
export interface Collected {
  readonly text: string;
  readonly stopReason: StopReason | undefined;
  readonly usage: TokenCounts | undefined;
}

export function createBodyCodec(render: (collected: Collected) => object): Codec {
  let text = '';
  let stopReason: StopReason | undefined;
  let usage: TokenCounts | undefined;
  return {
    encode(event: ModelEvent) {
      if (event.kind === 'text') text += event.text;
      else if (event.kind === 'stop') stopReason = event.reason;
      else if (event.kind === 'usage') usage = event;
      return [];
    },
    finish() {
      const bytes = Buffer.from(JSON.stringify(render({ text, stopReason, usage })));
      return [{ bytes, label: 'body', regions: { payload: [0, bytes.length] } }];
    },
    // An error of a whole answer is a whole answer itself: Provider.errorAnswer.
    exception: () => [],
  };
}
