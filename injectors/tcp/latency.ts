// Every chunk comes later by `latency`, give or take `jitter`; order is kept, so a chunk never
// overtakes the one before it. Not a limit of the rate: chunks wait beside each other.

import { duration } from '../options.ts';
import { defineToxic, pass } from './toxic.ts';

export const latency = defineToxic({
  type: 'latency',
  summary: 'TCP data comes later, by a time and its variation.',
  attributes: {
    latency: duration('0', 'how much later'),
    jitter: duration('0', 'variation either way'),
  },
  example: 'latency=100;jitter=20',
  explain: ({ latency: lateMs, jitter }) => `data comes ${lateMs} ms (± ${jitter} ms) later`,
  flow: ({ latency: lateMs, jitter }, rng) => ({
    release({ lengthBytes, arrivedMs, startMs }) {
      const offMs = jitter > 0 ? rng.integer(-Math.floor(jitter), Math.floor(jitter)) : 0;
      return pass(lengthBytes, Math.max(startMs, arrivedMs + lateMs + offMs));
    },
  }),
});
