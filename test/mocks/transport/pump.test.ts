// The pump with an exchange that can be full, drained and gone at will.

import { test } from 'tap';
import { complete, type Frame, type FrameStream } from '../../../injectors/stream.ts';
import type { Exchange } from '../../../mocks/transport/exchange.ts';
import { pump } from '../../../mocks/transport/pump.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

const batchBytes = 65_536;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(frames: FrameStream) {
  const clock = createFakeClock();
  const log = {
    writes: [] as number[],
    finished: [] as string[],
    ended: [] as string[],
    events: 0,
  };
  const state = { isFull: false, broken: undefined as unknown };
  let drain = () => {};
  let close = () => {};
  const exchange: Exchange = {
    head: () => {},
    fail: () => {},
    write(bytes) {
      log.writes.push(bytes.length);
      return !state.isFull;
    },
    finish: ({ kind }) => void log.finished.push(kind),
    onDrain(callback) {
      drain = callback;
    },
    onClose(callback) {
      close = callback;
    },
  };
  pump(frames, exchange, clock, {
    sent(events) {
      log.events += events;
    },
    ended: ({ kind }) => void log.ended.push(kind),
    broken(error) {
      state.broken = error;
    },
  });
  return { clock, log, state, drain: () => drain(), close: () => close() };
}

function* source(count: number, bytes: number, gapMs = 0): FrameStream {
  for (let i = 0; i < count; i++) yield frame(bytes, i * gapMs);
  return complete;
}

const frame = (bytes: number, dueMs: number): Frame => ({
  bytes: Buffer.alloc(bytes, 120),
  label: 'delta',
  dueMs,
});

test('frames that are due together go out in batches of at most 64 KiB', async (t) => {
  const { log } = setUp(source(1000, 1000));
  while (log.ended.length === 0) await turn();
  t.equal(
    log.writes.reduce((a, b) => a + b),
    1_000_000,
  );
  t.equal(log.writes.length, Math.ceil(1_000_000 / batchBytes));
  t.ok(log.writes.every((bytes) => bytes <= batchBytes));
  t.equal(log.events, 1000);
  t.same([log.finished, log.ended], [['complete'], ['complete']]);
});

test('a huge frame is cut into slices, one for each turn of the loop', async (t) => {
  const { log } = setUp(source(1, 10 * batchBytes + 1));
  t.same(log.writes, [batchBytes], 'others have their turn after the first slice');
  while (log.ended.length === 0) await turn();
  t.equal(log.writes.length, 11);
  t.equal(log.writes.at(-1), 1);
  t.equal(log.events, 1);
});

test('nothing is pulled while the client is full, and one batch per drain', async (t) => {
  let pulled = 0;
  function* counted(): FrameStream {
    for (const one of Array.from({ length: 1000 }, () => frame(4096, 0))) {
      pulled += 1;
      yield one;
    }
    return complete;
  }
  const { log, state, drain } = setUp(counted());
  state.isFull = true;
  while (log.writes.length < 2) await turn();
  for (let i = 0; i < 20; i++) await turn();
  t.equal(log.writes.length, 2, 'one batch beyond what the exchange took');
  t.equal(pulled, 32);
  drain();
  for (let i = 0; i < 20; i++) await turn();
  t.equal(log.writes.length, 3);
  t.equal(pulled, 48);
});

test('a frame is not sent before it is due, and the rest of its batch is', async (t) => {
  const { clock, log } = setUp(source(3, 10, 100));
  t.same(log.writes, [10]);
  clock.advance(99);
  t.same(log.writes, [10]);
  clock.advance(1);
  t.same(log.writes, [10, 10]);
  clock.advance(100);
  t.same([log.writes, log.ended], [[10, 10, 10], ['complete']]);
  t.equal(clock.pending, 0);
});

test('a timer that fires while the client is full sends nothing', async (t) => {
  const { clock, log, state, drain } = setUp(source(4, 10, 100));
  state.isFull = true;
  clock.advance(100);
  t.equal(log.writes.length, 2);
  clock.advance(1000);
  t.equal(log.writes.length, 2);
  state.isFull = false;
  drain();
  t.same(log.writes, [10, 10, 20], 'what was late goes out together');
  t.same(log.ended, ['complete']);
});

test('when the client goes, timers and frames go at once', async (t) => {
  const { clock, log, close, drain } = setUp(source(10, 10, 100));
  t.equal(clock.pending, 1);
  close();
  t.equal(clock.pending, 0);
  drain();
  clock.advance(5000);
  await turn();
  t.same([log.writes, log.finished, log.ended], [[10], [], ['gone']]);
});

test('a client that goes after the end is not reported twice', async (t) => {
  const { log, close } = setUp(source(1, 10));
  close();
  t.same(log.ended, ['complete']);
});

test('frames that cannot be made end this stream and nothing else', async (t) => {
  function* bad(): FrameStream {
    yield frame(10, 50);
    throw new RangeError('too long');
  }
  const { clock, log, state } = setUp(bad());
  t.doesNotThrow(() => clock.advance(60));
  t.match(state.broken, { message: 'too long' });
  t.equal(clock.pending, 0);
  t.same([log.finished, log.ended], [[], []]);
});

test('two fast streams share the loop, so that neither waits for the other', async (t) => {
  const a = setUp(source(100, batchBytes));
  const b = setUp(source(100, batchBytes));
  while (a.log.ended.length === 0) {
    t.ok(Math.abs(a.log.writes.length - b.log.writes.length) <= 1);
    await turn();
  }
});
