// Batches that suit themselves to the memory, batches that do not, and batches that pay for it
// with time; and which fixed sizes are on the front.

import { test } from 'tap';
import { batchingChecker } from '../../../harness/checkers/batching.ts';
import type { RequestRow } from '../../../harness/record.ts';
import type { Level, Sample } from '../../../harness/series/sample.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MiB = 1024 ** 2;
const rest = 100 * MiB;
const phases = ['fixed-4', 'fixed-16', 'fixed-250', 'adaptive', 'adaptive-squeezed'] as const;
type Costs = Readonly<Record<(typeof phases)[number], readonly [peakMiB: number, cpuMs: number]>>;

/** Rounds of each, a second apart: 100 texts from its 200th to its 800th millisecond. */
function check(...rounds: readonly Costs[]) {
  const levels: Level[] = [];
  const requests: RequestRow[] = [];
  const samples: Sample[] = [{ metric: 'cpuMs', timeMs: 0, value: 0 }];
  let cpuMs = 0;
  const turns = rounds.flatMap((costs) => phases.map((phase) => ({ phase, cost: costs[phase] })));
  turns.forEach(({ phase, cost: [peakMiB, cost] }, index) => {
    const startMs = index * 1000;
    const level = { cycle: 1, requests: 1, totalRequests: 1 };
    levels.push({ ...level, phase: 'reclaim', timeMs: startMs, values: { rssBytes: rest } });
    requests.push({
      phase,
      arm: 'vertex/100-texts',
      startMs: startMs + 200,
      ttftMs: 1,
      endMs: startMs + 800,
      status: 200,
      outcome: 'ok',
    });
    samples.push({ metric: 'cpuMs', timeMs: startMs + 200, value: cpuMs });
    cpuMs += cost;
    samples.push({ metric: 'cpuMs', timeMs: startMs + 800, value: cpuMs });
    const values = { rssBytes: rest, peakRssBytes: rest + peakMiB * MiB };
    levels.push({ ...level, phase, timeMs: startMs + 900, values });
  });
  const options = {
    fixedPhases: ['fixed-4', 'fixed-16', 'fixed-250'],
    adaptivePhase: 'adaptive',
    squeezedPhase: 'adaptive-squeezed',
    textsOf: () => 100,
    mostPeakShare: 0.85,
    mostCostShare: 1.25,
  };
  return batchingChecker(options).check(buildRecord({}, { levels, requests, samples }));
}

const good: Costs = {
  'fixed-4': [10, 90],
  'fixed-16': [15, 60],
  'fixed-250': [60, 65],
  adaptive: [58, 60],
  'adaptive-squeezed': [20, 62],
};

test('adaptive batches that take less memory at the same pace pass', (t) => {
  const { outcome, reason, evidence } = check(good);
  t.equal(outcome, 'pass', reason);
  t.match(reason, /peak at 33 % of fixed-250 \(20\.0 MiB against 60\.0 MiB/);
  t.match(evidence, [{ label: /fixed-4: peak/ }, { label: /fixed-4: processor/, value: 900 }]);
  t.end();
});

test('a size that another beats in both is not on the front', (t) => {
  t.match(check(good).reason, /front of the fixed sizes: fixed-4, fixed-16\.$/);
  t.end();
});

test('batches that take no less memory when there is little fail', (t) => {
  t.equal(check({ ...good, 'adaptive-squeezed': [59, 62] }).outcome, 'fail');
  t.end();
});

test('less memory at twice the time is no gain', (t) => {
  t.equal(check({ ...good, 'adaptive-squeezed': [20, 130] }).outcome, 'fail');
  t.end();
});

test('rounds on both sides of a limit are told apart by no one, and the middle acquits', (t) => {
  const greedy = { ...good, 'adaptive-squeezed': [59, 62] } satisfies Costs;
  t.equal(check(greedy, good, greedy).outcome, 'inconclusive');
  t.match(check(greedy, good, greedy).reason, /rounds differ too much/);
  t.equal(check(good, greedy, good).outcome, 'pass');
  t.equal(check(greedy, greedy, greedy).outcome, 'fail');
  t.end();
});
