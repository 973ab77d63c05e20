// A pool beyond its bound fails, also when only a sample between two levels saw it; one at its
// bound passes.

import { test } from 'tap';
import { compose } from '../../../harness/checkers/compose.ts';
import { connectionPoolChecker } from '../../../harness/checkers/connection-pool.ts';
import { buildRecord } from '../../fixtures/record.ts';

const base = buildRecord();
const startMs = base.phases.find(({ name }) => name === 'stress')?.startMs ?? 0;

const record = (counts: readonly number[], beforeMs = 0) =>
  buildRecord(
    {},
    {
      levels: [],
      samples: counts.map((value, at) => ({
        metric: 'outboundCount' as const,
        timeMs: startMs + 200 * at - beforeMs,
        value,
      })),
    },
  );

const check = connectionPoolChecker({ limit: 16 });

test('one reading beyond the bound fails, the bound itself passes', async (t) => {
  const beyond = check.check(record([3, 12, 17, 9]));
  t.equal(beyond.outcome, 'fail');
  t.match(beyond.reason, /had 17 connections of its own at once, beyond the bound of 16/);
  const kept = check.check(record([3, 12, 16, 9]));
  t.equal(kept.outcome, 'pass');
  t.equal(kept.evidence.find(({ label }) => label.endsWith('usual under load'))?.value, 10.5);
});

test('what was open before the work does not count', async (t) => {
  const early = check.check(record([99, 99], 5000));
  t.equal(early.outcome, 'inconclusive');
});

test('a gateway whose sockets are out of reach is not judged', async (t) => {
  const verdict = compose(buildRecord({}, { samples: [], levels: [] }), [check]);
  t.equal(verdict.outcome, 'inconclusive');
  t.match(verdict.reason, /outboundCount was not measured/);
});
