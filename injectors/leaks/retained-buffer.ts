// A few bytes cut out of a large buffer: the slice looks small and keeps the whole of it, outside
// of V8's heap. Source: https://nodejs.org/api/buffer.html#bufsubarraystart-end

import type { Leak } from './leak.ts';

const bodyBytes = 4096;
const headBytes = 16;

export const retainedBuffer: Leak = {
  kind: 'leak',
  name: 'retained-buffer',
  summary: 'Keeps the first bytes of a buffer for each request, and so the whole buffer.',
  resource: 'externalBytes',
  plant(host) {
    const heads: Buffer[] = [];
    host.onRequest(({ prompt }) => {
      const body = Buffer.allocUnsafeSlow(bodyBytes);
      body.write(prompt);
      heads.push(body.subarray(0, headBytes));
    });
  },
};
