// Malformed WebSocket input from seeded mutations: bad frames, bad JSON, wrong messages, broken
// upgrades, clients that leave anywhere. The server must answer the next client as if nothing had
// been, and hold nothing of those that are gone.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { startMocks } from '../../../mocks/server.ts';
import { until } from '../../fixtures/live-clients.ts';
import {
  clientFrame,
  framesIn,
  livePath,
  liveWire,
  messagesIn,
  setupMessage,
  userTurn,
} from '../../fixtures/live-wire.ts';

const inputs = 5000;
const lanes = 8;

test(`${inputs} malformed inputs leave nothing behind`, { timeout: 110_000 }, async (t) => {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  const root = seededRng(97);
  const lane = async (first: number) => {
    for (let index = first; index < inputs; index += lanes) {
      const rng = root.fork(`input:${index}`);
      const wire = await liveWire(mocks, livePath, rng.pick(['', 'X-Leakbed: gap=1ms\r\n']));
      if (rng.next() < 0.7) wire.socket.write(clientFrame(1, JSON.stringify(setupMessage())));
      for (let count = rng.integer(1, 4); count > 0; count--) wire.socket.write(malformed(rng));
      if (rng.next() < 0.5) wire.socket.resetAndDestroy();
      else {
        wire.socket.end();
        await wire.ended;
        wire.socket.destroy();
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));

  await until('nothing is in flight', () => mocks.journal.inFlight().length === 0);
  await until('no stream waits', () => mocks.waitingStreams === 0);
  await until('no socket is left', () => openSockets() === 0);
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  wire.send(userTurn('[[leakbed chunks=2]]'));
  await wire.until((bytes) => framesIn(bytes).frames.length === 5);
  t.equal(messagesIn(wire.bytes()).length, 5);
  wire.socket.destroy();
});

test('broken upgrades are refused and leave nothing behind', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  const rng = seededRng(7);
  for (let index = 0; index < 200; index++) {
    const line = rng.pick([
      'Sec-WebSocket-Version: 99\r\n',
      'Sec-WebSocket-Key: short\r\n',
      'X-Leakbed: no-such-word=1\r\n',
      'X-Leakbed: fault=error;name=quota\r\n',
      'X-Leakbed: fault=nothing\r\n',
    ]);
    const wire = await liveWire(mocks, livePath, line);
    t.match(wire.head, /^HTTP\/1\.1 4\d\d /);
    wire.socket.destroy();
  }
  await until('no socket is left', () => openSockets() === 0);
});

/** Sockets of this process, of client and server alike. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}

const pieces = ['setup', 'clientContent', 'realtimeInput', 'toolResponse', 'turns', 'parts'];

function malformed(rng: Rng): Buffer {
  const frame = clientFrame(rng.pick([1, 2]), JSON.stringify(message(rng)));
  switch (rng.integer(0, 6)) {
    case 0:
      return frame;
    case 1:
      return frame.subarray(0, rng.integer(1, frame.length));
    case 2: {
      const at = rng.integer(0, Math.min(frame.length - 1, 12));
      frame[at] = rng.integer(0, 255);
      return frame;
    }
    case 3:
      return Buffer.from(Array.from({ length: rng.integer(1, 200) }, () => rng.integer(0, 255)));
    case 4:
      return clientFrame(rng.integer(0, 15), Buffer.alloc(rng.integer(0, 200), 0xff));
    case 5:
      return clientFrame(1, '{"setup":'.repeat(rng.integer(1, 2000)));
    default:
      return clientFrame(rng.pick([8, 9, 10]), Buffer.alloc(rng.integer(0, 130), 3));
  }
}

function message(rng: Rng, depth = 0): unknown {
  if (depth > 3) return rng.pick([null, 0, -1, '', 'x', true, [], {}, 1e308]);
  switch (rng.integer(0, 4)) {
    case 0:
      return setupMessage({ [rng.pick(pieces)]: message(rng, depth + 1) });
    case 1:
      return userTurn(rng.pick(['[[leakbed', '[[leakbed x]]', '[[leakbed chunks=3 gap=1ms]]']));
    case 2:
      return [message(rng, depth + 1)];
    default:
      return { [rng.pick(pieces)]: message(rng, depth + 1) };
  }
}
