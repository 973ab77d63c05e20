// A stall that did not stall, bounds that were not reached, and events that were lost.

import { test } from 'tap';
import { billingQueueChecker } from '../../../harness/checkers/billing-queue.ts';
import type { Facts, LedgerRow, RequestRow } from '../../../harness/record.ts';
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

/** The same with a ledger that was read: `rows` of it for 200 answers with ids. */
function checkLedger(rows: readonly LedgerRow[], more: readonly RequestRow[] = []) {
  const tokens = { inputTokens: 3, outputTokens: 5 };
  const requests = [
    ...Array.from({ length: 200 }, (_, index) => ({ ...answer, id: `run-${index}`, tokens })),
    ...more,
  ];
  const levels = [
    level('baseline', 0, 1e7, 1),
    level('stress', 200, 1e7 + 40_000, 2),
    level('heal', 0, 1e7, 3),
    level('settle', 0, 1e7, 4),
  ];
  // The gateway's own count says that all is well, and is not asked.
  const facts = { queueLimit: 200, billed: requests.length };
  const change = { samples: [], levels, requests, injections: [], facts, ledger: rows };
  return billingQueueChecker.check(buildRecord({}, change));
}

const whole: readonly LedgerRow[] = Array.from({ length: 200 }, (_, index) => ({
  id: `run-${index}`,
  tokens: { inputTokens: 3, outputTokens: 5 },
}));

test('a ledger that was read is judged by id: lost, twice, wrong, without an answer', (t) => {
  t.equal(checkLedger(whole).outcome, 'pass', checkLedger(whole).reason);
  const wrong = { id: 'run-7', tokens: { inputTokens: 3, outputTokens: 6 } };
  const cases = [
    [whole.slice(1), /1 never billed \(run-0\)/],
    [[...whole, ...whole.slice(4, 5)], /1 billed more than once \(run-4\)/],
    [whole.with(7, wrong), /1 billed with wrong amounts \(run-7\)/],
    [[...whole, { id: 'run-900', tokens: null }], /1 billed without an answer \(run-900\)/],
    // As many rows as answers, and yet not one each: what a count cannot see.
    [whole.with(0, { id: 'run-1', tokens: null }), /1 never billed \(run-0\); 1 billed more/],
  ] as const;
  for (const [rows, reason] of cases) {
    const found = checkLedger(rows);
    t.equal(found.outcome, 'fail');
    t.match(found.reason, reason);
  }
  t.end();
});

test('a ledger that could not be read acquits nobody, and a wrong count still convicts', (t) => {
  const { outcome, reason } = check(200, { queueLimit: 200, billed: 200, ledgerRows: null });
  t.equal(outcome, 'inconclusive');
  t.match(reason, /ledger could not be read, .* All 200 answered requests were billed/);
  t.equal(check(200, { queueLimit: 200, billed: 199, ledgerRows: null }).outcome, 'fail');
  t.end();
});

test('an answer whose client left may be billed; one that was refused may not', (t) => {
  const rows = [...whole, { id: 'run-left', tokens: null }];
  const left: RequestRow = { ...answer, id: 'run-left', outcome: 'aborted' };
  t.equal(checkLedger(rows, [left]).outcome, 'pass');
  const refused: RequestRow = { ...answer, id: 'run-left', outcome: 'error', status: 503 };
  t.equal(checkLedger(rows, [refused]).outcome, 'fail');
  t.end();
});

test('a MiB that stays is code to V8, and a leak to Python', (t) => {
  const outcomeOf = (more: Level['values']) => {
    const levels = [
      level('baseline', 0, 1e7, 1),
      level('stress', 200, 1e7 + 40_000, 2),
      level('heal', 0, 1e7 + 2 ** 20, 3),
      level('settle', 0, 1e7 + 2 ** 20, 4),
    ].map((found) => ({ ...found, values: { ...found.values, ...more } }));
    const facts = { queueLimit: 200, billed: 200 };
    const requests = new Array(200).fill(answer);
    const change = { samples: [], levels, requests, injections: [], facts };
    return billingQueueChecker.check(buildRecord({}, change)).outcome;
  };
  t.equal(outcomeOf({}), 'pass');
  t.equal(outcomeOf({ pythonBlocks: 1e6 }), 'fail');
  t.end();
});
