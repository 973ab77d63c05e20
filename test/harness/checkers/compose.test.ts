// From a record to a verdict: the leak and errors checkers, and how judgements are joined.

import { test } from 'tap';
import type { Checker } from '../../../harness/checkers/checker.ts';
import { compose } from '../../../harness/checkers/compose.ts';
import { errorsChecker } from '../../../harness/checkers/errors.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import type { RunRecord } from '../../../harness/record.ts';
import type { Outcome } from '../../../harness/verdict.ts';
import { buildLevels, flat, leak, pool, type Shape, white } from '../../fixtures/levels.ts';
import { buildRecord } from '../../fixtures/record.ts';

function recordOf(heap: Shape, external: Shape = flat, change: Partial<RunRecord> = {}): RunRecord {
  const levels = buildLevels({
    seed: 2,
    cycles: 20,
    channels: {
      heapBytes: { shape: heap, noise: white(1000) },
      externalBytes: { shape: external, noise: white(500) },
      anonBytes: { shape: (work) => heap(work) + external(work), noise: white(40_000) },
      socketCount: { shape: flat, noise: pool(2) },
    },
  });
  return buildRecord({}, { levels, ...change });
}

const fixed = (name: string, outcome: Outcome): Checker => ({
  name,
  needs: [],
  check: () => ({ outcome, reason: `${name} says so.`, evidence: [], warnings: ['look'] }),
});

test('a clean record passes, with no resource named and the resolution in the reason', (t) => {
  const verdict = compose(recordOf(flat), [leakChecker(), errorsChecker()]);
  t.equal(verdict.outcome, 'pass');
  t.equal(verdict.finding, 'clean');
  t.equal(verdict.resource, null);
  t.match(verdict.reason, /smallest leak that would have shown: .*heapBytes 128 B/);
  t.equal(verdict.repeat, verdict.repeat && recordOf(flat).header.command);
  t.end();
});

test('a leak fails, is named, and its bytes are heap and external together', (t) => {
  const verdict = compose(recordOf(leak(200), leak(1024)), [leakChecker(), errorsChecker()]);
  t.equal(verdict.outcome, 'fail');
  t.equal(verdict.finding, 'leak');
  t.equal(verdict.resource, 'externalBytes');
  const retained = verdict.retainedBytesPerRequest;
  t.ok(Math.abs((retained?.estimate ?? 0) - 1224) < 10, `${retained?.estimate}`);
  t.ok(retained && retained.low <= 1224 && retained.high >= 1224);
  t.equal(retained?.confidence, 0.98, 'two bounds of 99 % hold together at 98 %');
  t.end();
});

test('levels of another phase are not the experiment, unless the checker is told so', (t) => {
  const levels = recordOf(leak(5000)).levels.map((level) => ({ ...level, phase: 'probe' }));
  const record = recordOf(flat, flat, { levels });
  t.equal(compose(record, [leakChecker()]).outcome, 'inconclusive');
  t.equal(compose(record, [leakChecker({ phase: 'probe' })]).finding, 'leak');
  t.end();
});

test('fail beats inconclusive beats pass, and the decisive sentence is the reason', (t) => {
  const all = [fixed('a', 'pass'), fixed('b', 'inconclusive'), fixed('c', 'fail')];
  t.equal(compose(recordOf(flat), all).outcome, 'fail');
  t.equal(compose(recordOf(flat), all).reason, 'c says so.');
  t.equal(compose(recordOf(flat), all.slice(0, 2)).reason, 'b says so.');
  t.equal(compose(recordOf(flat), all.slice(0, 1)).outcome, 'pass');
  t.same(compose(recordOf(flat), all).warnings, ['look'], 'said once');
  t.equal(compose(recordOf(flat), []).outcome, 'inconclusive');
  t.end();
});

test('a checker that throws is inconclusive and the others still judge', (t) => {
  const broken: Checker = {
    name: 'broken',
    needs: [],
    check: () => {
      throw new RangeError('no such column');
    },
  };
  const verdict = compose(recordOf(flat), [broken, leakChecker()]);
  t.equal(verdict.outcome, 'inconclusive');
  t.match(verdict.reason, /Cannot judge broken: .*no such column/);
  t.equal(verdict.finding, 'clean');
  t.equal(verdict.checks.length, 2);
  t.end();
});

test('a metric that was not measured makes its check inconclusive', (t) => {
  const needy = { ...fixed('queue', 'pass'), needs: ['queueDepth'] } as const;
  t.match(compose(recordOf(flat), [needy]).reason, /queueDepth was not measured/);
  const queued = buildRecord({ withQueue: true });
  t.equal(compose(queued, [needy]).outcome, 'pass');
  t.end();
});

test('a run cut short is inconclusive with the reason, whatever the checks say', (t) => {
  const record = recordOf(flat, flat, { interrupted: 'Ctrl-C' });
  const verdict = compose(record, [leakChecker(), fixed('x', 'fail')]);
  t.equal(verdict.outcome, 'inconclusive');
  t.equal(verdict.finding, 'undecided');
  t.match(verdict.reason, /The run was cut short: Ctrl-C\./);
  t.end();
});

test('a leak proven before the run was cut short stays in the finding', (t) => {
  const record = recordOf(leak(2000), flat, { interrupted: 'Ctrl-C' });
  const verdict = compose(record, [leakChecker()]);
  t.equal(verdict.outcome, 'inconclusive');
  t.equal(verdict.finding, 'leak');
  t.end();
});

test('a gateway that died by its own fault fails, with how it ended', (t) => {
  const record = recordOf(flat, flat, {
    interrupted: 'The gateway is gone.',
    facts: { gatewayEnded: 'exit code 134 (out of memory)' },
  });
  const verdict = compose(record, [leakChecker()]);
  t.equal(verdict.outcome, 'fail');
  t.match(verdict.reason, /The gateway ended during the run: exit code 134/);
  t.end();
});

test('without a checker of growth the finding is undecided', (t) => {
  t.equal(compose(recordOf(flat), [fixed('a', 'pass')]).finding, 'undecided');
  t.end();
});

test('requests are counted by outcome', (t) => {
  const record = recordOf(flat);
  const { requests } = compose(record, [leakChecker()]);
  t.equal(requests.total, record.requests.length);
  t.equal(requests.aborted, record.requests.filter((row) => row.outcome === 'aborted').length);
  t.end();
});
