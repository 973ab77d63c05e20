// Nothing comes through, and after `timeout` the connection is closed; with 0 it stays open until
// the toxic is removed. What came in meanwhile is dropped, so removing it closes the connection.

import { duration } from '../options.ts';
import { defineToxic } from './toxic.ts';

export const timeout = defineToxic({
  type: 'timeout',
  summary: 'Nothing comes through; the TCP connection is closed after a time, or stays open.',
  attributes: { timeout: duration('0', 'until the connection is closed; 0 never closes it') },
  example: 'timeout=1000',
  closesOnRemoval: true,
  explain: ({ timeout: afterMs }) =>
    `nothing comes through, ${afterMs === 0 ? 'never closed' : `closed after ${afterMs} ms`}`,
  flow: ({ timeout: afterMs }) => ({
    release: () => ({ kind: 'drop' }),
    ...(afterMs > 0 && { lifetimeMs: afterMs }),
  }),
});
