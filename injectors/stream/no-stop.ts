// The model never says that or why it stopped; what follows the stop still comes.

import { defineInjector } from '../injector.ts';

export const noStop = defineInjector({
  name: 'no-stop',
  family: 'stream',
  summary: 'Leaves out why the model stopped.',
  options: {},
  example: 'no-stop',
  explain: () => 'leaves out the stop reason and the events that only carry it',
  *script(events, _options, context) {
    for (const timed of events) {
      if (timed.event.kind === 'stop') context.note('no stop reason');
      else yield timed;
    }
  },
});
