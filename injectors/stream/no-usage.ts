// The tokens are never counted: what a gateway bills from is missing.

import { defineInjector } from '../injector.ts';

export const noUsage = defineInjector({
  name: 'no-usage',
  family: 'stream',
  summary: 'Leaves out how many tokens were used.',
  options: {},
  example: 'no-usage',
  explain: () => 'leaves out the usage and the events that only carry it',
  *script(events, _options, context) {
    for (const timed of events) {
      if (timed.event.kind === 'usage') context.note('no usage');
      else yield timed;
    }
  },
});
