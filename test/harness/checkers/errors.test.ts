// Unexpected failures of requests: tolerated, judged, or too many to judge anything.

import { test } from 'tap';
import { errorsChecker } from '../../../harness/checkers/errors.ts';
import type { RequestRow } from '../../../harness/record.ts';
import { buildRecord } from '../../fixtures/record.ts';

const row = (change: Partial<RequestRow> = {}): RequestRow => ({
  phase: 'stress',
  arm: 'bedrock/chat',
  startMs: 0,
  ttftMs: 5,
  endMs: 20,
  status: 200,
  outcome: 'ok',
  ...change,
});
const failed = row({ outcome: 'error', status: 502, error: 'socket hang up' });
const recordOf = (okCount: number, failedCount: number, failure = failed) =>
  buildRecord(
    {},
    { requests: [...new Array(okCount).fill(row()), ...new Array(failedCount).fill(failure)] },
  );

test('answers without failures pass, and so do tolerated ones', (t) => {
  t.equal(errorsChecker().check(recordOf(100, 0)).outcome, 'pass');
  t.equal(errorsChecker().check(recordOf(198, 2)).outcome, 'pass');
  t.equal(errorsChecker({ toleratedShare: 0.2 }).check(recordOf(90, 10)).outcome, 'pass');
  t.end();
});

test('more failures than tolerated fail, and the commonest is quoted', (t) => {
  const { outcome, reason } = errorsChecker().check(recordOf(90, 10));
  t.equal(outcome, 'fail');
  t.match(reason, /^10 of 100 requests failed .*bedrock\/chat answered 502 \(socket hang up\)/);
  t.end();
});

test('failures that an injected fault explains are not counted', (t) => {
  const isExpected = ({ arm }: RequestRow) => arm === 'bedrock/truncated';
  const expected = { ...failed, arm: 'bedrock/truncated' };
  t.equal(errorsChecker({ isExpected }).check(recordOf(50, 50, expected)).outcome, 'pass');
  t.equal(errorsChecker({ isExpected }).check(recordOf(80, 20)).outcome, 'fail');
  t.end();
});

test('aborted requests are no failures', (t) => {
  const aborted = row({ outcome: 'aborted', status: null });
  t.equal(errorsChecker().check(recordOf(10, 90, aborted)).outcome, 'pass');
  t.end();
});

test('when most requests failed the gateway was not exercised: inconclusive', (t) => {
  const { outcome, reason } = errorsChecker().check(recordOf(10, 90));
  t.equal(outcome, 'inconclusive');
  t.match(reason, /hardly exercised/);
  t.end();
});

test('a run without requests is inconclusive', (t) => {
  t.equal(errorsChecker().check(recordOf(0, 0)).outcome, 'inconclusive');
  t.end();
});

const under = (fault: string) => [{ fault, what: 'x', startMs: 100, endMs: 200 }];
const mixed = (fault: string) => {
  const spoilt = row({ outcome: 'error', status: 502, startMs: 120, endMs: 130 });
  const requests = [...new Array(40).fill(row()), ...new Array(60).fill(spoilt)];
  return buildRecord({}, { requests, injections: under(fault) });
};

test('failures while a fault of the providers was in force are told, not counted', (t) => {
  const { outcome, reason, evidence } = errorsChecker().check(mixed('truncate;at=3'));
  t.equal(outcome, 'pass');
  t.match(reason, /60 failed while truncate;at=3 was in force/);
  t.match(
    evidence.find(({ label }) => label === 'failures under provider faults'),
    { value: 60 },
  );
  t.end();
});

test('faults that break no answer of a provider explain no failure', (t) => {
  for (const fault of ['noop', 'abort;at=3', 'billing-stall;mode=stuck', 'nosuch']) {
    t.equal(errorsChecker().check(mixed(fault)).outcome, 'inconclusive', fault);
  }
  t.end();
});

test('failures outside of the window count, over the requests that no fault explains', (t) => {
  const record = mixed('truncate;at=3');
  const requests = [...record.requests, ...new Array(2).fill(failed)];
  const { outcome, reason } = errorsChecker().check({ ...record, requests });
  t.equal(outcome, 'fail');
  t.match(reason, /^2 of 42 requests failed/);
  t.end();
});

test('levels over work that was never done are no clean finding', (t) => {
  t.equal(errorsChecker().check(recordOf(10, 90)).finding, 'undecided');
  t.equal(errorsChecker().check(recordOf(100, 0)).finding, undefined);
  t.end();
});
