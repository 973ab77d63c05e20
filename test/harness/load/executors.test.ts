// The executors against work that the test holds in its hand.

import { test } from 'tap';
import { runClosed } from '../../../harness/load/closed.ts';
import { runOpen } from '../../../harness/load/open.ts';
import { constantRate } from '../../../harness/load/pacer.ts';
import { sleep } from '../../../injectors/determinism.ts';

/** Work that ends when the test says so, or when it is cut. */
function heldWork() {
  const ends: (() => void)[] = [];
  const seqs: number[] = [];
  let inFlight = 0;
  let inFlightMax = 0;
  let cutCount = 0;
  const release = () => ends.splice(0).forEach((end) => void end());
  return {
    seqs,
    release,
    get inFlightMax() {
      return inFlightMax;
    },
    get cutCount() {
      return cutCount;
    },
    async run(seq: number) {
      seqs.push(seq);
      inFlight += 1;
      inFlightMax = Math.max(inFlightMax, inFlight);
      await new Promise<void>((resolve) => ends.push(resolve));
      inFlight -= 1;
    },
    cut() {
      cutCount += 1;
      release();
    },
  };
}

const instant = (seqs: number[]) => ({
  run: async (seq: number) => void seqs.push(seq),
  cut: () => undefined,
});

test('the closed model sends exactly n requests, numbered without gap or repeat', async (t) => {
  const seqs: number[] = [];
  const work = instant(seqs);
  const model = { userCount: 7, requestCount: 100, firstSeq: 1000 };
  const report = await runClosed(model, work, { drainMs: 100 });
  t.same(
    seqs.toSorted((a, b) => a - b),
    Array.from({ length: 100 }, (_, index) => 1000 + index),
  );
  t.match(report, { startedCount: 100, finishedCount: 100, droppedCount: 0, isStopped: false });
});

test('the closed model never has more in flight than users', async (t) => {
  const work = heldWork();
  const done = runClosed({ userCount: 3, requestCount: 10 }, work, { drainMs: 100 });
  while (work.seqs.length < 10) {
    work.release();
    await sleep(0);
  }
  work.release();
  t.equal((await done).finishedCount, 10);
  t.equal(work.inFlightMax, 3);
});

test('the open model starts every arrival that the pacer gives', async (t) => {
  const seqs: number[] = [];
  const model = { pacer: constantRate(1000, 50), maxInFlight: 50 };
  const report = await runOpen(model, instant(seqs), { drainMs: 100 });
  t.match(report, { startedCount: 50, finishedCount: 50, droppedCount: 0, isStopped: false });
});

test('arrivals that find no place are dropped and counted, not queued', async (t) => {
  const work = heldWork();
  const model = { pacer: constantRate(1000, 50), maxInFlight: 2 };
  const report = await runOpen(model, work, { drainMs: 10 });
  t.same(work.seqs, [0, 1]);
  t.match(report, { startedCount: 2, droppedCount: 48, finishedCount: 2 });
  t.equal(work.cutCount, 1, 'what outlives the drain time is cut');
});

test('a signal ends the closed model: nothing new starts, what is in flight is cut', async (t) => {
  const work = heldWork();
  const stop = new AbortController();
  const limits = { drainMs: 20, signal: stop.signal };
  const done = runClosed({ userCount: 4, requestCount: 1000 }, work, limits);
  stop.abort();
  const report = await done;
  t.match(report, { startedCount: 4, finishedCount: 4, unfinishedCount: 0, isStopped: true });
  t.equal(work.cutCount, 1);
});

test('a signal ends the open model in the middle of a long wait', async (t) => {
  const stop = new AbortController();
  const limits = { drainMs: 20, signal: stop.signal };
  const model = { pacer: constantRate(0.001, 3_600_000), maxInFlight: 1 };
  const done = runOpen(model, instant([]), limits);
  stop.abort();
  t.match(await done, { startedCount: 1, isStopped: true });
});

test('work that ends by itself in the drain time is not cut', async (t) => {
  const work = heldWork();
  const stop = new AbortController();
  const limits = { drainMs: 5000, signal: stop.signal };
  const done = runClosed({ userCount: 4, requestCount: 1000 }, work, limits);
  stop.abort();
  await sleep(0);
  work.release();
  t.match(await done, { finishedCount: 4, isStopped: true });
  t.equal(work.cutCount, 0);
});

test('work that rejects stops the load and is reported', async (t) => {
  let calls = 0;
  const work = {
    run: async () => {
      calls += 1;
      throw new Error('Cannot make the request.');
    },
    cut: () => undefined,
  };
  const model = { userCount: 2, requestCount: 1000 };
  await t.rejects(runClosed(model, work, { drainMs: 10 }), /Cannot make the request/);
  t.ok(calls <= 2);
});

test('counts that mean nothing are refused', async (t) => {
  const limits = { drainMs: 10 };
  const closed = { userCount: 0, requestCount: 5 };
  await t.rejects(runClosed(closed, instant([]), limits), /whole numbers from 1 up/);
  const open = { pacer: constantRate(1, 1000), maxInFlight: 0 };
  await t.rejects(runOpen(open, instant([]), limits), /whole number from 1 up/);
});
