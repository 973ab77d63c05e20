// Passes everything on: the base line of the proxy's own cost.

import { defineToxic, pass } from './toxic.ts';

export const noop = defineToxic({
  type: 'noop',
  summary: 'A TCP proxy in the way that changes nothing.',
  attributes: {},
  example: '',
  explain: () => 'everything is passed on',
  flow: () => ({ release: ({ lengthBytes, startMs }) => pass(lengthBytes, startMs) }),
});
