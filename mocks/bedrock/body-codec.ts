// Codec of an answer that is one JSON body: collects the model's events, then gives one frame.

import type { ModelEvent } from '../../injectors/stream.ts';
import type { Codec } from '../provider.ts';
import { type Collected, createCollector } from '../script/collector.ts';

export function createBodyCodec(render: (collected: Collected) => object): Codec {
  const collector = createCollector();
  return {
    encode(event: ModelEvent) {
      collector.add(event);
      return [];
    },
    finish() {
      const bytes = Buffer.from(JSON.stringify(render(collector.collected())));
      return [{ bytes, label: 'body', regions: { payload: [0, bytes.length] } }];
    },
    // An error of a whole answer is a whole answer itself: Provider.errorAnswer.
    exception: () => [],
  };
}
