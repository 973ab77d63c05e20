// Silence inside a stream and the timers of the AWS SDK's handlers, row by row: which of them end
// it, and whether the caller learns that it was not the end.

import { type FaultRow, fails, hangs, ok, overHttp2, truncated } from './cell.ts';

const timeout = /^TimeoutError: /;

export const timerRows: readonly FaultRow[] = [
  {
    fault: 'hang;at=3',
    what: 'requestTimeout: over HTTP/2 the stream ends as if complete, over HTTP/1.1 it never does',
    timers: { requestTimeout: 150 },
    cells: { ...overHttp2(ok(3)), 'sdk-http1': hangs(3) },
  },
  {
    fault: 'hang;at=mid-frame:3',
    what: 'requestTimeout inside an event',
    timers: { requestTimeout: 150 },
    cells: { ...overHttp2(fails(3, truncated)) },
  },
  {
    fault: 'hang;at=3',
    what: 'sessionTimeout: the stream ends as if complete',
    timers: { sessionTimeout: 150 },
    cells: { ...overHttp2(ok(3)) },
  },
  {
    fault: 'hang;at=mid-frame:3',
    what: 'sessionTimeout inside an event',
    timers: { sessionTimeout: 150 },
    cells: { ...overHttp2(fails(3, truncated)) },
  },
  {
    fault: 'hang;at=3',
    what: 'socketTimeout of HTTP/1.1',
    timers: { socketTimeout: 150 },
    cells: { 'sdk-http1': fails(3, timeout) },
  },
  {
    fault: 'hang;at=3',
    what: 'defaultSocketTimeout, which a service may set for its clients',
    timers: { defaultSocketTimeout: 150 },
    cells: { ...overHttp2(fails(3, timeout)), 'sdk-http1': fails(3, timeout) },
  },
  {
    fault: 'hang;at=0',
    what: 'defaultSocketTimeout after the head: the request is sent again',
    timers: { defaultSocketTimeout: 150 },
    cells: { ...overHttp2(fails(0, timeout, 3)), 'sdk-http1': fails(0, timeout, 3) },
  },
];
