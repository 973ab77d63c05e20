// The template: what comes in goes out, and the ending is handed back unchanged.

import { defineInjector } from '../injector.ts';

export const noop = defineInjector({
  name: 'noop',
  family: 'stream',
  summary: 'Changes nothing; the template for a new fault and the base line of every comparison.',
  options: {},
  example: 'noop',
  explain: () => 'changes nothing',
  wire: (frames) => frames,
});
