// A content-length that promises more than comes: over HTTP/1.1 the connection closes early, over
// HTTP/2 the stream's end comes too soon (RFC 9113 section 8.1.1).

import { defineInjector } from '../injector.ts';
import { size } from '../options.ts';
import { needsOwnHead } from './needs-head.ts';
import { setHeader } from './set-header.ts';

export const wrongLength = defineInjector({
  name: 'wrong-length',
  family: 'stream',
  summary: 'Promises more bytes in content-length than it sends.',
  options: { length: size('1MiB', 'the length promised', { maxMiB: 1024 }) },
  example: 'wrong-length;length=64KiB',
  notOn: { ...needsOwnHead, grpc: 'its messages carry their own lengths' },
  explain: ({ length }) => `promises ${length} bytes, sends what there is and closes`,
  head: (head, { length }, context) => {
    context.note(`${length} bytes promised`);
    // Without chunks only the end of the connection ends the message.
    const closing = setHeader(head, 'Connection', 'close');
    return setHeader(closing, 'Content-Length', String(length));
  },
});
