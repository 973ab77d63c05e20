// Exact truncation on a WebSocket: a thousand seeded cuts at events, bytes and middles of frames,
// clean or with the connection, each compared to the byte.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  framesIn,
  type LiveWire,
  liveWire,
  setupMessage,
  userTurn,
} from '../../fixtures/live-wire.ts';

const repeats = 1000;
/** Pieces in the undisturbed turn; generationComplete and turnComplete come behind them. */
const chunks = 12;

test('a cut comes at the byte it names, a thousand times', { timeout: 110_000 }, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 5 });
  t.teardown(() => mocks.close());
  const rng = seededRng(41);
  const wrong: string[] = [];
  for (let index = 0; index < repeats; index++) {
    const end = rng.pick(['clean', 'cut']);
    const at = rng.pick([
      `${rng.integer(0, chunks + 1)}`,
      `${rng.integer(0, 1800)}B`,
      `mid-frame:${rng.integer(0, chunks + 1)}`,
    ]);
    const turn = await truncatedTurn(mocks, `truncate;at=${at};end=${end}`);
    if (!isExact(turn, at)) wrong.push(`${at} ${end}: ${turn.length} bytes`);
  }
  t.same(wrong, []);
  t.same(mocks.journal.inFlight(), []);
});

async function truncatedTurn(mocks: Mocks, fault: string): Promise<Buffer> {
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  await wire.until((bytes) => framesIn(bytes).frames.length === 1);
  const before = wire.bytes().length;
  wire.send(userTurn(`[[leakbed chunks=${chunks} fault=${fault}]]`));
  await turnOver(mocks, wire);
  // The answer to our FIN comes behind all that was written.
  wire.socket.end();
  await wire.ended;
  wire.socket.destroy();
  return wire.bytes().subarray(before);
}

async function turnOver(mocks: Mocks, { socket }: LiveWire): Promise<void> {
  const last = () => mocks.journal.since(mocks.journal.lastSequence - 1)[0];
  const isOver = () => last()?.operation === 'LiveTurn' && last()?.ending !== null;
  for (let turn = 0; turn < 100_000 && !isOver() && !socket.destroyed; turn++) await nextTurn();
}

function isExact(turn: Buffer, at: string): boolean {
  const { frames, rest } = framesIn(turn);
  const [number = ''] = /\d+/.exec(at) ?? [];
  const wanted = Number(number);
  if (at.endsWith('B')) return turn.length === wanted;
  if (!at.startsWith('mid')) return frames.length === wanted && rest.length === 0;
  const second = rest[1] ?? 0;
  const whole = second === 126 ? 4 + rest.readUInt16BE(2) : 2 + second;
  return frames.length === wanted && rest.length === whole >> 1;
}
