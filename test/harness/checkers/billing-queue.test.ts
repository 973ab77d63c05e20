// A stall that did not stall, bounds that were not reached, and events that were lost.

import { test } from 'tap';
import { billingQueueChecker } from '../../../harness/checkers/billing-queue.ts';
import type { Facts, RequestRow } from '../../../harness/record.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { buildRecord } from '../../fixtures/record.ts';

const level = (phase: string, queueDepth: number, heapBytes: number, timeMs: number): Level => ({
  phase,
  cycle: 1,
  requests: 200,
  totalRequests: 200,
  timeMs,
  values: { queueDepth, heapBytes, externalBytes: 0 },
});
const answer: RequestRow = {
  phase: 'stress',
  arm: 'bedrock/answer',
  startMs: 0,
  ttftMs: 5,
  endMs: 20,
  status: 200,
  outcome: 'ok',
};

/** Holds `depth` events of 200 B while the worker is stuck, and `left` once it was healed. */
function check(depth: number, facts: Facts, left = 0) {
  const record = buildRecord(
    {},
    {
      samples: [],
      levels: [
        level('baseline', 0, 1e7, 1),
        level('stress', depth, 1e7 + 200 * depth, 2),
        level('heal', left, 1e7, 3),
        level('settle', 0, 1e7, 4),
      ],
      requests: new Array(200).fill(answer),
      injections: [],
      facts,
    },
  );
  return billingQueueChecker.check(record);
}

test('a queue that filled to its bound and drained passes as bounded', (t) => {
  const { outcome, finding, reason } = check(200, { queueLimit: 200, billed: 200 });
  t.equal(outcome, 'pass', reason);
  t.equal(finding, 'bounded');
  t.match(reason, /reached its bound of 200 events and kept to it/);
  t.end();
});

test('a queue in which a handful of events waited was not stalled: inconclusive', (t) => {
  const { outcome, finding, reason } = check(8, { queueLimit: 200, billed: 200 });
  t.equal(outcome, 'inconclusive');
  t.equal(finding, 'undecided');
  t.match(reason, /at most 8 events waited/);
  t.end();
});

test('a bound that was not reached is not said to be kept', (t) => {
  const { outcome, reason } = check(199, { queueLimit: 1000, billed: 200 });
  t.equal(outcome, 'pass');
  t.match(reason, /its bound of 1000 was not put to the test/);
  t.end();
});

test('a queue beyond its bound, without one, not drained, or that loses events fails', (t) => {
  t.equal(check(300, { queueLimit: 200, billed: 200 }).outcome, 'fail');
  t.equal(check(200, { queueLimit: 0, billed: 200 }).outcome, 'fail');
  t.equal(check(200, { queueLimit: 200, billed: 200 }, 60).outcome, 'fail');
  t.equal(check(200, { queueLimit: 200, billed: 199 }).outcome, 'fail');
  t.equal(check(200, { queueLimit: 200, billed: 201 }).outcome, 'fail');
  t.end();
});
