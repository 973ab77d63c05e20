// With the first data, or the end, the connection is lost: nothing goes on, and after `timeout`
// both sides get a TCP RST.

import { duration } from '../options.ts';
import { defineToxic } from './toxic.ts';

export const resetPeer = defineToxic({
  type: 'reset_peer',
  summary: 'TCP RST to both sides once data comes.',
  attributes: { timeout: duration('0', 'from the first data to the RST') },
  example: 'timeout=100',
  explain: ({ timeout: afterMs }) => `RST to both sides ${afterMs} ms after the first data`,
  flow({ timeout: afterMs }) {
    const reset = (arrivedMs: number) =>
      ({ kind: 'close', atMs: arrivedMs + afterMs, way: 'rst' }) as const;
    return { release: ({ arrivedMs }) => reset(arrivedMs), end: reset };
  },
});
