// Close ends a stream with a code and a reason for whoever can say them.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { close } from '../../../injectors/stream/close.ts';
import { complete, type FrameStream } from '../../../injectors/stream.ts';

function* source(): FrameStream {
  for (let index = 0; index < 4; index++) {
    yield { bytes: Buffer.from('x'), label: 'delta', dueMs: 0 };
  }
  return complete;
}

test('it comes at its position and hands on code and reason', (t) => {
  const { fault } = close.bind({ at: '3', code: 1008, reason: 'policy' });
  const notes: string[] = [];
  const note = (what: string) => void notes.push(what);
  const frames = fault?.wire?.(source(), {
    rng: seededRng(1),
    totalEvents: 4,
    transport: 'websocket',
    framing: 'websocket',
    note,
  });
  let count = 0;
  let step = frames?.next();
  while (step?.done === false) {
    count += 1;
    step = frames?.next();
  }
  t.equal(count, 3);
  t.same(step?.value, { kind: 'close', code: 1008, reason: 'policy' });
  t.same(notes, ['closed with 1008']);
  t.end();
});

test('codes that no WebSocket knows are refused', (t) => {
  t.match(close.bind({ code: 999 }).problems, [/1000 to 4999/]);
  t.same(close.bind({ code: 4999 }).problems, []);
  t.end();
});
