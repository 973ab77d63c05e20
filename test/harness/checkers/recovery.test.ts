// What the verdict tells beside its finding: recovery of memory, and latency.

import { test } from 'tap';
import { latencyOf } from '../../../harness/checkers/latency.ts';
import { recoveryOf } from '../../../harness/checkers/recovery.ts';
import type { PhaseMark } from '../../../harness/record.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MiB = 1024 ** 2;
const phases: readonly PhaseMark[] = [
  { name: 'baseline', startMs: 0, endMs: 5000 },
  { name: 'stress', startMs: 5000, endMs: 10_000 },
  { name: 'heal', startMs: 10_000, endMs: 11_000 },
  { name: 'settle', startMs: 11_000, endMs: 20_000 },
];
/** 100 MiB, then 200 MiB under stress, then `after` of the time since the faults were healed. */
const recordOf = (after: (sinceHealMs: number) => number) =>
  buildRecord(
    {},
    {
      phases,
      samples: Array.from({ length: 81 }, (_, index) => {
        const timeMs = index * 250;
        const value = timeMs < 5000 ? 100 : timeMs < 10_000 ? 200 : after(timeMs - 10_000);
        return { metric: 'anonBytes' as const, timeMs, value: value * MiB };
      }),
    },
  );

test('memory that comes back after three seconds took three seconds', (t) => {
  const recovery = recoveryOf(recordOf((sinceHealMs) => (sinceHealMs < 3000 ? 180 : 104)));
  t.same(recovery, { seconds: 3, residualBytes: 4 * MiB });
  t.end();
});

test('memory that came back only in passing had not come back yet', (t) => {
  const dip = (ms: number) => ((ms > 1000 && ms < 2000) || ms >= 6000 ? 100 : 180);
  t.equal(recoveryOf(recordOf(dip))?.seconds, 6);
  t.end();
});

test('after several rounds recovery is counted from the last that was healed', (t) => {
  const record = recordOf((ms) => (ms < 3000 ? 180 : 104));
  const round = { name: 'heal', startMs: 6000, endMs: 6500 };
  const last = { name: 'heal-slow', startMs: 10_000, endMs: 11_000 };
  const rounds = phases.flatMap((phase) => (phase.name === 'heal' ? [round, last] : [phase]));
  t.equal(recoveryOf({ ...record, phases: rounds })?.seconds, 3);
  t.end();
});

test('memory that stays up has no recovery time', (t) => {
  t.equal(recoveryOf(recordOf(() => 180)), null);
  t.end();
});

test('a run without a baseline or without samples has no recovery to report', (t) => {
  const record = recordOf(() => 100);
  t.equal(recoveryOf({ ...record, phases: phases.slice(1) }), null);
  t.equal(recoveryOf({ ...record, samples: [] }), null);
  t.end();
});

test('latency counts whole answers after the warm-up', (t) => {
  const base = { phase: 'stress', arm: 'a', status: 200 };
  const rows = [
    ...[10, 20, 30].map((ms) => ({ startMs: 100, endMs: 100 + 2 * ms, ttftMs: ms })),
    { startMs: 0, endMs: 9999, ttftMs: 9999, phase: 'warm-up' },
    { startMs: 0, endMs: 8888, ttftMs: 8888, outcome: 'aborted' as const },
  ].map((row) => ({ ...base, outcome: 'ok' as const, ...row }));
  const latency = latencyOf(rows);
  t.equal(latency.ttftP50Ms, 20);
  t.equal(latency.endToEndP50Ms, 40);
  t.ok(Math.abs((latency.endToEndP99Ms ?? 0) - 59.6) < 1e-9);
  t.same(latencyOf([]), {
    ttftP50Ms: null,
    ttftP99Ms: null,
    endToEndP50Ms: null,
    endToEndP99Ms: null,
  });
  t.end();
});
