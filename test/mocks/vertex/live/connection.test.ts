// What a Live connection costs and how it ends, seen from the wire: readers that stop, clients that
// vanish, pings in the middle of a frame, every form of the path.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Test, test } from 'tap';
import { type Mocks, startMocks } from '../../../../mocks/server.ts';
import { until } from '../../../fixtures/live-clients.ts';
import {
  clientFrame,
  framesIn,
  livePath,
  liveWire,
  messagesIn,
  setupMessage,
  userTurn,
} from '../../../fixtures/live-wire.ts';

async function serve(t: Test): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  return mocks;
}

test('every form of the path is served, and no other', async (t) => {
  const mocks = await serve(t);
  const forms = [
    livePath,
    `/${livePath}`,
    livePath.replace('v1beta1', 'v1'),
    `${livePath}?key=abc`,
    `/proxy${livePath}`,
  ];
  for (const form of forms) {
    const wire = await liveWire(mocks, form);
    t.match(wire.head, /^HTTP\/1.1 101 /, form);
    wire.socket.destroy();
  }
  for (const form of ['/ws/x', livePath.replace('v1beta1', 'v2'), '/v1/models']) {
    const wire = await liveWire(mocks, form);
    t.match(wire.head, /^HTTP\/1.1 4/, form);
    wire.socket.destroy();
  }
});

test('an upgrade can be answered with a page of HTML, a redirect or a status', async (t) => {
  const mocks = await serve(t);
  for (const [fault, options, head] of [
    ['html-error', { code: 503 }, /^HTTP\/1.1 503 .*content-type: text\/html/is],
    ['redirect', { to: '/there' }, /^HTTP\/1.1 307 .*location: \/there/is],
    ['status', { code: 529, 'retry-after': '2s' }, /^HTTP\/1.1 529 .*retry-after: 2/is],
  ] as const) {
    mocks.plan.set({ faults: [{ fault, options, match: { operation: 'LiveConnect' } }] });
    const wire = await liveWire(mocks);
    t.match(wire.head, head, fault);
    wire.socket.destroy();
  }
  mocks.plan.clear();
  const wire = await liveWire(mocks);
  t.match(wire.head, /^HTTP\/1.1 101 /);
  wire.socket.destroy();
});

test('what a 101 cannot show leaves an upgrade alone, and the journal says why', async (t) => {
  const mocks = await serve(t);
  for (const fault of [
    'header-bomb',
    'clock-skew',
    'gzip-bomb',
    'wrong-content-type',
    'wrong-encoding',
    'wrong-length',
    'connection-close',
  ]) {
    mocks.plan.set({ faults: [{ fault, match: { operation: 'LiveConnect' } }] });
    const before = mocks.journal.lastSequence;
    const wire = await liveWire(mocks);
    t.match(wire.head, /^HTTP\/1.1 101 /, fault);
    const [entry] = mocks.journal.since(before);
    t.match(entry?.injected, [new RegExp(`^${fault}: does not apply because .*101`)]);
    t.equal(entry?.injected.length, 1);
    wire.socket.destroy();
  }
});

test('a reader that stops holds an endless answer back at under 2 MiB', async (t) => {
  const mocks = await serve(t);
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  wire.send(userTurn('[[leakbed total=1048576MiB bytes=4KiB]]'));
  await wire.until((bytes) => framesIn(bytes).frames.length > 3);
  wire.socket.pause();
  const sent = () => mocks.journal.inFlight()[0]?.bytes ?? 0;
  const rest = async () => {
    for (let before = -1; before !== sent(); ) {
      before = sent();
      for (let turn = 0; turn < 200; turn++) await nextTurn();
    }
  };
  await rest();
  const before = process.memoryUsage();
  await rest();
  const after = process.memoryUsage();
  // The kernel's buffers of both sockets hold some MiB; beyond them nothing moves.
  t.ok(sent() < 16 * 1024 ** 2, `${sent()} bytes`);
  t.ok(after.arrayBuffers - before.arrayBuffers < 2 * 1024 ** 2);
  wire.socket.destroy();
  await until('nothing is in flight', () => mocks.journal.inFlight().length === 0);
});

test('a client that vanishes during a turn frees it at once', async (t) => {
  const mocks = await serve(t);
  for (const leave of ['destroy', 'resetAndDestroy'] as const) {
    const wire = await liveWire(mocks);
    wire.send(setupMessage());
    wire.send(userTurn('[[leakbed chunks=1000 gap=60s]]'));
    await until('the turn waits', () => mocks.journal.inFlight().length === 1);
    wire.socket[leave]();
    await until('nothing is in flight', () => mocks.journal.inFlight().length === 0);
    await until('no timer waits', () => mocks.waitingStreams === 0);
    t.equal(mocks.journal.since(mocks.journal.lastSequence - 1)[0]?.ending, 'gone');
  }
});

test('pings during a large frame are answered behind it', async (t) => {
  const mocks = await serve(t);
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  wire.send(userTurn('[[leakbed chunks=3 fault=oversize;size=8MiB;at=2]]'));
  await wire.until((bytes) => bytes.length > 100_000);
  for (let count = 0; count < 5; count++) wire.socket.write(clientFrame(9, `${count}`));
  const pongs = () => framesIn(wire.bytes()).frames.filter(({ opcode }) => opcode === 10);
  await wire.until(() => pongs().at(-1)?.payload.toString() === '4');
  await wire.until((bytes) => bytes.includes('turnComplete'));
  t.equal(messagesIn(wire.bytes()).length, 6);
  wire.socket.destroy();
});

test('speech during a large frame interrupts behind it', async (t) => {
  const mocks = await serve(t);
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  wire.send(userTurn('[[leakbed chunks=30 fault=oversize;size=8MiB;at=2]]'));
  await wire.until((bytes) => bytes.length > 100_000);
  wire.send(userTurn('[[leakbed chunks=1]]'));
  await wire.until((bytes) => bytes.includes('generationComplete'));
  const messages = messagesIn(wire.bytes()).map(({ serverContent }) => serverContent ?? {});
  const at = messages.findIndex(({ interrupted }) => interrupted === true);
  t.ok(at > 0);
  t.same(messages[at + 1], { turnComplete: true });
  t.ok('modelTurn' in (messages[at + 2] ?? {}));
  wire.socket.destroy();
});

test('the close frame of a client is answered, and its turn ends', async (t) => {
  const mocks = await serve(t);
  const wire = await liveWire(mocks);
  wire.send(setupMessage());
  wire.send(userTurn('[[leakbed chunks=1000 gap=60s]]'));
  await until('the turn waits', () => mocks.journal.inFlight().length === 1);
  wire.socket.write(clientFrame(8, Buffer.from([3, 232])));
  t.equal(await wire.ended, 'fin');
  const [close] = framesIn(wire.bytes()).frames.slice(-1);
  t.equal(close?.opcode, 8);
  t.equal(mocks.journal.inFlight().length, 0);
});

test('what a client may not send closes with 1007', async (t) => {
  const mocks = await serve(t);
  const activityStart = { realtimeInput: { activityStart: {} } };
  const both = { responseModalities: ['TEXT', 'AUDIO'] };
  const cases: [string, readonly object[]][] = [
    ['a turn before the setup', [userTurn('x')]],
    ['a second setup', [setupMessage(), setupMessage()]],
    ['two members', [setupMessage(), { ...setupMessage(), ...userTurn('x') }]],
    ['none', [{}]],
    ['two modalities', [setupMessage({ generationConfig: both })]],
    ['activity that is detected', [setupMessage(), activityStart]],
  ];
  for (const [what, messages] of cases) {
    const wire = await liveWire(mocks);
    for (const message of messages) wire.send(message);
    await wire.until((bytes) => closeCode(bytes) !== undefined);
    t.equal(closeCode(wire.bytes()), 1007, what);
    wire.socket.destroy();
  }
});

test('an unknown model closes with 1008, a bad directive with 1007', async (t) => {
  const mocks = await serve(t);
  const cases: [number, readonly object[]][] = [
    [1008, [setupMessage({ model: 'publishers/google/models/other' })]],
    [1007, [setupMessage(), userTurn('[[leakbed nonsense]]')]],
    [1007, [setupMessage({ systemInstruction: { parts: [{ text: '[[leakbed nonsense]]' }] } })]],
  ];
  for (const [code, messages] of cases) {
    const wire = await liveWire(mocks);
    for (const message of messages) wire.send(message);
    await wire.until((bytes) => closeCode(bytes) !== undefined);
    t.equal(closeCode(wire.bytes()), code);
    wire.socket.destroy();
  }
});

test('a message beyond the limit closes with 1009', async (t) => {
  const mocks = await serve(t);
  const wire = await liveWire(mocks);
  wire.socket.write(clientFrame(1, Buffer.alloc(30_000_001)).subarray(0, 1000));
  await wire.until((bytes) => framesIn(bytes).frames.length === 1);
  t.equal(closeCode(wire.bytes()), 1009);
  wire.socket.destroy();
});

function closeCode(bytes: Buffer): number | undefined {
  return framesIn(bytes)
    .frames.find(({ opcode }) => opcode === 8)
    ?.payload.readUInt16BE(0);
}
