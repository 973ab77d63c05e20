// Pacing is arithmetic: tables of numbers, no clock.

import { test } from 'tap';
import { constantRate, type Pacer, ramp } from '../../../harness/load/pacer.ts';

/** Due times of every arrival, asked at time zero. */
function dueTimes(pacer: Pacer): number[] {
  const times: number[] = [];
  for (;;) {
    const due = pacer(0, times.length);
    if (due === 'stop') return times;
    times.push(due);
  }
}

test('a constant rate says how long to wait, how late it is, and when to stop', async (t) => {
  const pacer = constantRate(100, 1000);
  const table: [elapsedMs: number, arrivals: number, expected: number | 'stop'][] = [
    [0, 0, 0],
    [0, 1, 10],
    [4, 1, 6],
    [10, 1, 0],
    [35, 1, -25],
    [0, 99, 990],
    [999, 100, 'stop'],
    [0, 100, 'stop'],
    [5000, 50, -4500],
  ];
  for (const [elapsedMs, arrivals, expected] of table) {
    const step = pacer(elapsedMs, arrivals);
    if (step === 'stop' || expected === 'stop') t.equal(step, expected, `${elapsedMs} ${arrivals}`);
    else t.ok(Math.abs(step - expected) < 1e-9, `${elapsedMs} ms, ${arrivals}: ${step}`);
  }
});

test('a constant rate has exactly rate times duration arrivals', async (t) => {
  for (const [rate, durationMs, count] of [
    [100, 1000, 100],
    [3, 1000, 3],
    [7, 3000, 21],
    [0.5, 10_000, 5],
    [333, 10_000, 3330],
    [1, 500, 1],
  ] as const) {
    t.equal(dueTimes(constantRate(rate, durationMs)).length, count, `${rate}/s ${durationMs} ms`);
  }
});

test('a rising ramp has the area under its line as arrivals, ever closer together', async (t) => {
  const times = dueTimes(ramp(0, 100, 1000));
  t.equal(times.length, 50);
  t.equal(times[0], 0);
  // n(t) = 0.05 t² / 1000 at these rates, so arrival 32 is due after 800 ms.
  t.ok(Math.abs((times[32] ?? 0) - 800) < 1e-6);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  t.ok(gaps.every((gap, index) => index === 0 || gap < (gaps[index - 1] ?? 0)));
});

test('a falling ramp to zero ends where its rate does', async (t) => {
  const times = dueTimes(ramp(100, 0, 1000));
  t.equal(times.length, 50);
  t.ok((times.at(-1) ?? 0) < 1000);
  t.equal(ramp(100, 0, 1000)(0, 51), 'stop', 'beyond the area there is no arrival');
});

test('rates and durations that mean nothing are refused', async (t) => {
  for (const [from, to, durationMs] of [
    [-1, 5, 1000],
    [0, 0, 1000],
    [5, 5, 0],
    [Number.NaN, 5, 1000],
    [5, 5, Number.POSITIVE_INFINITY],
  ] as const) {
    t.throws(() => ramp(from, to, durationMs), /Cannot ramp from/);
  }
});
