// SSE frames, byte for byte.

import { test } from 'tap';
import { sseFrame } from '../../../mocks/codec/sse.ts';

test('an SSE frame is one data line and one blank line in the asked line ending', async (t) => {
  t.equal(
    Buffer.from(sseFrame('delta', '{"a": 1}', '\r\n').bytes).toString(),
    'data: {"a": 1}\r\n\r\n',
  );
  t.equal(Buffer.from(sseFrame('delta', '{"a": 1}', '\n').bytes).toString(), 'data: {"a": 1}\n\n');
});

test('the regions of an SSE frame name its parts without a gap', async (t) => {
  const { bytes, regions = {} } = sseFrame('delta', 'é', '\r\n');
  const part = (name: string) =>
    Buffer.from(bytes.subarray(...(regions[name] ?? [0, 0]))).toString();
  t.equal(part('field'), 'data: ');
  t.equal(part('payload'), 'é');
  t.equal(part('separator'), '\r\n\r\n');
});
