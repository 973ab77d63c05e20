// What the fakes hold stays flat: in a huge stream, before a reader that does not read, after a
// million requests and after streams that were left. Levels are live memory (heap and buffers)
// after full collections where something should be gone, and resident memory while it is under way.

import { connect, type Socket } from 'node:net';
import { sleep, within } from '../../../injectors/determinism.ts';
import { type MocksProcess, startMocksProcess } from '../../fixtures/mocks-process.ts';
import { bedrockPath, converseBody, http1Request } from '../../fixtures/raw-clients.ts';
import type { Bench } from './bench.ts';
import { cores, pin } from './cores.ts';
import { answerEnd, askTimes } from './http1-load.ts';

const mebibyte = 1024 ** 2;
const pausedCount = 20;

export const memory: Bench = {
  name: 'memory',
  what: 'what the fakes hold: huge streams, paused readers, a million requests, aborted streams',
  isQuick: false,
  async *run({ scale, note }) {
    const share = scale === 'quick' ? 0.02 : 1;
    const mocks = await startMocksProcess();
    pin(mocks.pid, cores.subject);
    const figure = (name: string, unit: string, atMost: number, samples: readonly number[]) => ({
      name,
      unit,
      baseline: '',
      bar: { atMost },
      samples,
    });
    try {
      // The journal is full, and what runs often is compiled.
      await askTimes(mocks, small, 30_000);
      const huge = `total=${Math.round(1024 * share)}MiB bytes=16KiB`;
      yield figure('added by a stream of 1 GiB', 'MiB', 32, [await added(mocks, huge)]);
      yield figure('added by a paused reader', 'MiB', 2, [await addedByPaused(mocks)]);
      const count = 1_000_000 * share;
      const [live, resident] = await changedBy(mocks, () => askTimes(mocks, small, count));
      yield figure(`changed by ${count} requests, journal full`, 'MiB', 2, [Math.abs(live)]);
      note(`of it grown ${live.toFixed(2)} MiB; resident memory ${resident.toFixed(1)} MiB`);
      const abortCount = 100_000 * share;
      const [left, leftResident] = await changedBy(mocks, () => aborts(mocks, abortCount));
      yield figure(`left by ${abortCount} aborted streams`, 'MiB', 2, [left]);
      yield figure('streams in flight after them', 'streams', 0, [await mocks.inFlightCount()]);
      note(`resident memory ${leftResident.toFixed(1)} MiB`);
    } finally {
      await mocks.stop();
    }
  },
};

const path = bedrockPath('converse-stream');
const ask = (words: string) => http1Request(path, converseBody(`[[leakbed ${words}]]`));
const small = Buffer.from(ask('chunks=1'));

function open(mocks: MocksProcess): Socket {
  return connect({ host: mocks.host, port: mocks.port, noDelay: true });
}

/** The highest that resident memory rises while one answer is read. */
async function added(mocks: MocksProcess, words: string): Promise<number> {
  await mocks.liveBytes();
  const before = mocks.rssBytes();
  let highest = before;
  let reads = 0;
  const isEnd = answerEnd();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = open(mocks);
  socket.on('error', reject).on('data', (bytes) => {
    reads += 1;
    if (reads % 64 === 0) highest = Math.max(highest, mocks.rssBytes());
    if (isEnd(bytes)) resolve();
  });
  socket.write(ask(words));
  await within(300_000, 'The stream did not end.', promise);
  socket.destroy();
  return (highest - before) / mebibyte;
}

/** Of one, from many: a page more or less would count for all of it. */
async function addedByPaused(mocks: MocksProcess): Promise<number> {
  await mocks.liveBytes();
  const before = mocks.rssBytes();
  const sockets = Array.from({ length: pausedCount }, () => {
    const socket = open(mocks);
    socket.on('error', () => undefined).pause();
    socket.write(ask('total=1GiB bytes=16KiB'));
    return socket;
  });
  // Its kernel takes a few megabytes; then nothing moves any more.
  await sleep(3000);
  const addedBytes = mocks.rssBytes() - before;
  for (const socket of sockets) socket.destroy();
  return addedBytes / pausedCount / mebibyte;
}

/** Live and resident memory after `work` less before it, in MiB. */
async function changedBy(
  mocks: MocksProcess,
  work: () => Promise<void>,
): Promise<readonly [number, number]> {
  const before = { live: await mocks.liveBytes(), resident: mocks.rssBytes() };
  await work();
  while ((await mocks.inFlightCount()) > 0) await sleep(50);
  const live = (await mocks.liveBytes()) - before.live;
  return [live / mebibyte, (mocks.rssBytes() - before.resident) / mebibyte];
}

/** Each is left by a reset as soon as its first bytes have come. */
async function aborts(mocks: MocksProcess, count: number): Promise<void> {
  const atOnce = 64;
  const text = ask('chunks=100 gap=1s');
  const abortAgain = async () => {
    for (let left = Math.ceil(count / atOnce); left > 0; left--) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const socket = open(mocks);
      socket.on('error', reject).once('data', () => resolve());
      socket.write(text);
      await promise;
      socket.resetAndDestroy();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, abortAgain));
}
