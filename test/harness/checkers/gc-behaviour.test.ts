// A collector that is brief, regular and mostly young passes; one that takes the time, stops the
// world for long, or is made to collect all of it each time is accused of exactly that.

import { test } from 'tap';
import { gcBehaviourChecker } from '../../../harness/checkers/gc-behaviour.ts';
import type { RequestRow } from '../../../harness/record.ts';
import type { Sample } from '../../../harness/series/sample.ts';
import { buildRecord } from '../../fixtures/record.ts';

interface Rhythm {
  readonly everyMs: number;
  readonly pauseMs: number;
  /** Every so many collections one is full, and takes so long. */
  readonly fullEvery: number;
  readonly fullMs: number;
}

const calm: Rhythm = { everyMs: 100, pauseMs: 2, fullEvery: 50, fullMs: 20 };

/** Ten seconds of requests under a collector of that rhythm. */
function judge(change: Partial<Rhythm>) {
  const { everyMs, pauseMs, fullEvery, fullMs } = { ...calm, ...change };
  const requests = Array.from(
    { length: 500 },
    (_, nth): RequestRow => ({
      phase: 'stress',
      arm: 'unit',
      startMs: nth * 20,
      ttftMs: 1,
      endMs: nth * 20 + 20,
      status: 200,
      outcome: 'ok',
    }),
  );
  const samples: Sample[] = [];
  for (let nth = 1; nth * everyMs < 10_000; nth++) {
    const isFull = nth % fullEvery === 0;
    const pause = { timeMs: nth * everyMs, value: isFull ? fullMs : pauseMs };
    samples.push({ metric: 'gcPauseMs', ...pause });
    samples.push({ metric: isFull ? 'fullGcPauseMs' : 'youngGcPauseMs', ...pause });
    samples.push({ metric: 'tenuredBytes', timeMs: nth * everyMs, value: 1_000_000 + nth * 1000 });
  }
  return gcBehaviourChecker().check(buildRecord({}, { requests, samples }));
}

test('regular, brief and mostly young collections pass, with figures by kind', async (t) => {
  const { outcome, evidence } = judge({});
  t.equal(outcome, 'pass');
  const value = (label: string) => evidence.find((each) => each.label === label)?.value;
  t.equal(value('longest time without a collection'), 100);
  t.equal(value('full collections: longest pause'), 20);
  // 98 rises of 1,000 bytes between 99 samples, over 500 requests.
  t.equal(value('promoted to the old generation'), 196);
});

test('a collector that takes an eighth of the time fails', async (t) => {
  const { outcome, reason } = judge({ everyMs: 16 });
  t.equal(outcome, 'fail');
  t.match(reason, /^Collection takes 14\.\d % of the time, 10\.0 % is tolerated\.$/);
});

test('a pause of more than half a second fails', async (t) => {
  const { outcome, reason } = judge({ fullEvery: 90, fullMs: 600 });
  t.equal(outcome, 'fail');
  t.match(reason, /^The longest pause is 600 ms, 100 ms is tolerated\.$/);
});

test('somebody who collects everything each second time fails', async (t) => {
  const { outcome, reason } = judge({ fullEvery: 2, fullMs: 3 });
  t.equal(outcome, 'fail');
  t.match(reason, /^49\.5 % of the collections are full ones, 25\.0 % is tolerated\.$/);
});

test('where it is optional, collections that nobody saw are no trouble', async (t) => {
  const unseen = buildRecord({}, { samples: [] });
  t.equal(gcBehaviourChecker({ isOptional: true }).check(unseen).outcome, 'pass');
  t.equal(gcBehaviourChecker().check(unseen).outcome, 'inconclusive');
});

test('four collections tell no rhythm', async (t) => {
  t.equal(judge({ everyMs: 2400 }).outcome, 'inconclusive');
});

test('hours of collections are judged as a minute of them is', async (t) => {
  t.match(judge({ everyMs: 0.05, pauseMs: 0.001, fullMs: 0.01 }), { outcome: 'pass' });
});
