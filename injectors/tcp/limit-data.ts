// The connection is closed once so many bytes went through. The count belongs to the connection: it
// goes on when the limit is changed.

import { integer } from '../options.ts';
import { defineToxic, type ToxicFlow } from './toxic.ts';

interface CountingFlow extends ToxicFlow {
  readonly passedBytes: number;
}

const isCounting = (flow: ToxicFlow | undefined): flow is CountingFlow =>
  flow !== undefined && 'passedBytes' in flow;

export const limitData = defineToxic({
  type: 'limit_data',
  summary: 'A TCP connection is closed after so many bytes.',
  attributes: {
    bytes: integer(0, 'bytes that come through', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  },
  example: 'bytes=4096',
  explain: ({ bytes }) => `closed after ${bytes} B`,
  flow({ bytes: limitBytes }, _, previous): CountingFlow {
    let passedBytes = isCounting(previous) ? previous.passedBytes : 0;
    return {
      get passedBytes() {
        return passedBytes;
      },
      release({ lengthBytes, startMs }) {
        const bytes = Math.min(lengthBytes, limitBytes - passedBytes);
        if (bytes <= 0) return { kind: 'close', atMs: startMs, way: 'fin' };
        passedBytes += bytes;
        return { kind: 'pass', bytes, atMs: startMs, isLast: passedBytes >= limitBytes };
      },
    };
  },
});
