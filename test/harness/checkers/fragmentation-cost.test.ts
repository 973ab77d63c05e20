// The same work that becomes slower as the heap fills with holes is accused of it; latency that
// moves by itself is not, over many seeds. What was given back when asked is told.

import { test } from 'tap';
import { fragmentationCostChecker } from '../../../harness/checkers/fragmentation-cost.ts';
import type { RequestRow } from '../../../harness/record.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MiB = 1024 ** 2;
const checker = fragmentationCostChecker({ phases: ['small', 'again'], reclaimPhase: 'reclaim' });

/** Ten cycles of 20 requests; holes take up to a third of the heap. */
function judge(latencyMs: (share: number, noise: number) => number, seed: number) {
  const rng = seededRng(seed);
  const levels: Level[] = [];
  const requests: RequestRow[] = [];
  let share = 0;
  for (let cycle = 0; cycle <= 10; cycle++) {
    const startMs = cycle * 1000;
    const length = latencyMs(share, rng.next());
    for (let nth = 0; nth < 20; nth++) {
      const row = { phase: 'small', arm: 'unit', startMs: startMs + nth, ttftMs: 1, status: 200 };
      requests.push({ ...row, endMs: startMs + nth + length, outcome: 'ok' });
    }
    share = rng.next() / 3;
    levels.push(level(cycle < 6 ? 'small' : 'again', cycle, share, 90));
  }
  levels.push(level('reclaim', 11, share, 70));
  return checker.check(buildRecord({}, { levels, requests }));
}

function level(phase: string, cycle: number, share: number, anonMiB: number): Level {
  const values = {
    tenuredCommittedBytes: 60 * MiB,
    tenuredBytes: 60 * MiB * (1 - share),
    anonBytes: anonMiB * MiB,
  };
  const timeMs = cycle * 1000 + 900;
  return { phase, cycle, requests: 20, totalRequests: 20 * cycle, timeMs, values };
}

test('latency that doubles with the holes is found', async (t) => {
  for (let seed = 1; seed <= 20; seed++) {
    const { outcome, reason } = judge((share, noise) => 20 + 100 * share + noise, seed);
    t.equal(outcome, 'fail', `seed ${seed}`);
    t.match(reason, /goes with \d+\.\d % more latency/);
  }
});

test('latency that moves by itself is acquitted in at least 97 of 100 runs', async (t) => {
  let accused = 0;
  for (let seed = 1; seed <= 100; seed++) {
    if (judge((_, noise) => 20 + 20 * noise, seed).outcome === 'fail') accused++;
  }
  t.ok(accused <= 3, `${accused} accused`);
});

test('a cost of a twentieth is surely there, and tolerated', async (t) => {
  t.equal(judge((share) => 20 + 3 * share, 1).outcome, 'pass');
});

test('what was given back when asked to is told', async (t) => {
  const { evidence } = judge(() => 20, 1);
  const given = evidence.find(({ label }) => label === 'given back when asked to');
  t.equal(given?.value, 20 * MiB);
});
