// Faults that choose their requests by themselves: which of a row of arrivals they act on.

import { test } from 'tap';
import type { Arrival } from '../../../injectors/injector.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';

/** Numbers of the arrivals that are acted on, each a time in milliseconds. */
function hits(words: string, timesMs: readonly number[]): number[] {
  const { planned, problems } = bindFaults([parseFaultWords(words)]);
  const admission = planned[0]?.bound.admission;
  if (admission === undefined) throw new Error(`No admission. ${problems.join(' ')}`);
  let window = 0;
  let indexInWindow = 0;
  return timesMs.flatMap((elapsedMs, index) => {
    const now = Math.floor(elapsedMs / admission.windowMs);
    if (now !== window) indexInWindow = 0;
    window = now;
    const arrival: Arrival = { index, indexInWindow, elapsedMs };
    indexInWindow += 1;
    return admission.acts(arrival) ? [index] : [];
  });
}

const second = (count: number) => Array.from({ length: count }, (_, index) => index * 1000);

test('an outage hits all within its window and nobody else', async (t) => {
  t.same(hits('outage;from=2s;for=3s', second(8)), [2, 3, 4]);
  t.same(hits('outage;for=1s', [0, 0, 999, 1000]), [0, 1, 2]);
});

test('an outage with a period comes again', async (t) => {
  t.same(hits('outage;from=1s;for=1s;every=4s', second(10)), [1, 5, 9]);
});

test('a quota serves its count in each window and refuses the rest', async (t) => {
  t.same(hits('quota;count=2;window=1s', [0, 1, 2, 999, 1000, 1001, 1002, 5000]), [2, 3, 6]);
  t.same(hits('quota;count=0;window=1s', [0, 5000]), [0, 1]);
});

test('success comes after so many failures, and stays', async (t) => {
  t.same(hits('succeed-after;failures=3', second(10)), [0, 1, 2]);
  t.same(hits('succeed-after;failures=1;every=4', second(10)), [0, 4, 8]);
});

test('a storm of expired tokens hits the first of each window', async (t) => {
  t.same(hits('token-storm;count=2;every=5s', second(12)), [0, 1, 5, 6, 10, 11]);
});

test('each ends with the error it was given, in place of the answer', async (t) => {
  for (const name of ['outage', 'quota', 'succeed-after']) {
    const { planned } = bindFaults([parseFaultWords(`${name};name=internal;message=so`)]);
    const notes: string[] = [];
    const note = (what: string) => void notes.push(what);
    const frames = planned[0]?.bound.wire?.([][Symbol.iterator]() as never, { note } as never);
    t.match(frames?.next(), {
      done: true,
      value: { kind: 'exception', place: 'response', name: 'internal', message: 'so' },
    });
    t.match(notes, [/internal/]);
  }
});
