// Clients that were to leave half-way and could not: then leaving was not tested.

import { test } from 'tap';
import { clientAbortsChecker } from '../../../harness/checkers/client-aborts.ts';
import type { RequestRow } from '../../../harness/record.ts';
import { buildRecord } from '../../fixtures/record.ts';

const row = (provider: string, outcome: RequestRow['outcome']): RequestRow => ({
  phase: 'stress',
  arm: `${provider}/aborted`,
  startMs: 100,
  ttftMs: 5,
  endMs: 120,
  status: 200,
  outcome,
});
const of = (count: number, one: RequestRow): RequestRow[] => new Array(count).fill(one);
const check = (requests: RequestRow[], injections = buildRecord().injections.slice(0, 0)) =>
  clientAbortsChecker().check(buildRecord({}, { requests, injections }));

test('streams that were left pass, a few that had ended by then included', (t) => {
  const requests = [...of(95, row('bedrock', 'aborted')), ...of(5, row('bedrock', 'ok'))];
  t.match(check(requests), { outcome: 'pass', reason: /^95 streams/ });
  t.end();
});

test('a provider whose streams come in one piece is inconclusive beside one that streams', (t) => {
  const requests = [...of(100, row('bedrock', 'aborted')), ...of(100, row('vertex', 'ok'))];
  const { outcome, finding, reason } = check(requests);
  t.equal(outcome, 'inconclusive');
  t.equal(finding, 'undecided');
  t.match(reason, /Only 0 of 100 streams of vertex\/aborted/);
  t.end();
});

test('a run without such requests is inconclusive', (t) => {
  t.equal(
    check(of(10, { ...row('bedrock', 'ok'), arm: 'bedrock/complete' })).outcome,
    'inconclusive',
  );
  t.equal(
    check(of(10, { ...row('bedrock', 'aborted'), phase: 'warm-up' })).outcome,
    'inconclusive',
  );
  t.end();
});

test('streams that a fault of the providers ends before the client could leave are no lack', (t) => {
  const injections = [{ fault: 'truncate;at=2', what: 'x', startMs: 0, endMs: 500 }];
  const { outcome, reason } = check(of(50, row('bedrock', 'error')), injections);
  t.equal(outcome, 'pass');
  t.match(reason, /truncate;at=2 ended the streams first/);
  t.end();
});
