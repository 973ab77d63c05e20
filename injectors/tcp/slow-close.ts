// Data comes through, its end comes later: a FIN is passed on only after `delay`.

import { duration } from '../options.ts';
import { defineToxic, pass } from './toxic.ts';

export const slowClose = defineToxic({
  type: 'slow_close',
  summary: 'The end of a TCP connection comes later.',
  attributes: { delay: duration('0', 'how much later') },
  example: 'delay=2000',
  explain: ({ delay }) => `the end comes ${delay} ms later`,
  flow: ({ delay }) => ({
    release: ({ lengthBytes, startMs }) => pass(lengthBytes, startMs),
    end: (arrivedMs) => pass(0, arrivedMs + delay),
  }),
});
