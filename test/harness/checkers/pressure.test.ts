// Pressure that was survived, requests that were broken off under it, and memory that did not
// come back.

import { test } from 'tap';
import { pressureChecker } from '../../../harness/checkers/pressure.ts';
import type { Injection, RequestRow, RunRecord } from '../../../harness/record.ts';
import type { Level, Sample } from '../../../harness/series/sample.ts';
import { buildRecord } from '../../fixtures/record.ts';

const fault = 'memory-pressure;headroom=64MiB';
const step: Injection = {
  fault,
  what: 'step 1 of 1: 64 MiB left (rlimit)',
  startMs: 20,
  endMs: 20,
};
const level = (phase: string, heapBytes: number): Level => ({
  phase,
  cycle: 1,
  requests: 20,
  totalRequests: 20,
  timeMs: 0,
  values: { heapBytes, externalBytes: 0 },
});
const row = (phase: string, status: number | null): RequestRow => ({
  phase,
  arm: 'bedrock/x',
  startMs: 0,
  ttftMs: 1,
  endMs: 5,
  status,
  outcome: status === 200 ? 'ok' : 'error',
});
const pauses = (count: number, timeMs: number): Sample[] =>
  new Array(count).fill({ metric: 'gcPauseMs', timeMs, value: 1 });

function check(change: Partial<RunRecord> = {}, under: readonly (number | null)[] = [200, 200]) {
  return pressureChecker.check(
    buildRecord(
      {},
      {
        phases: [
          { name: 'baseline', startMs: 0, endMs: 10 },
          { name: 'stress', startMs: 11, endMs: 30 },
          { name: 'after', startMs: 40, endMs: 50 },
        ],
        samples: [...pauses(2, 5), ...pauses(8, 25)],
        levels: [level('baseline', 6e7), level('stress', 8e7), level('settle', 6e7)],
        requests: [
          row('baseline', 200),
          ...under.map((status) => row('stress', status)),
          row('after', 200),
        ],
        injections: [{ fault, what: 'limited', startMs: 11, endMs: 30 }, step],
        ...change,
      },
    ),
  );
}

test('a gateway that serves or refuses under pressure and recovers passes', (t) => {
  const { outcome, reason } = check({}, [200, 500, 503]);
  t.equal(outcome, 'pass', reason);
  t.match(reason, /2 were refused, and none once relieved/);
  t.match(reason, /worked harder under pressure \(200 → 267/);
  t.end();
});

test('a request that is broken off instead of refused fails', (t) => {
  const { outcome, reason } = check({}, [200, null]);
  t.equal(outcome, 'fail');
  t.match(reason, /1 of 2 requests under pressure were broken off/);
  t.end();
});

test('memory that stays once the pressure is relieved fails', (t) => {
  const levels = [level('baseline', 6e7), level('settle', 6.4e7)];
  const { outcome, reason } = check({ levels });
  t.equal(outcome, 'fail');
  t.match(reason, /3906 KiB above where it began/);
  t.end();
});

test('a failure after the pressure was relieved fails', (t) => {
  const { outcome } = check({ requests: [row('stress', 200), row('after', 500)] });
  t.equal(outcome, 'fail');
  t.end();
});

test('pressure that never acted proves nothing', (t) => {
  const { outcome } = check({ injections: [] });
  t.equal(outcome, 'inconclusive');
  t.end();
});
