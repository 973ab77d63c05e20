// When the experiment may stop with a leak: the martingale and the refuted square root.

import { test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { conclude, decide } from '../../../harness/checkers/leak-experiment.ts';
import { buildLevels, type LevelPlan, leak, white } from '../../fixtures/levels.ts';

const options = { ...smokeExperiment, requestsBefore: 400 };
const levelsWith = (channels: LevelPlan['channels'], cycles: number, seed = 4) =>
  buildLevels({ seed, cycles, channels });

test('no look ends the run with a leak before the martingale has passed its limit', (t) => {
  const channels = { heapBytes: { shape: leak(4096), noise: white(1000) } };
  const levels = levelsWith(channels, 20);
  const patient = { ...options, stopWealth: Number.POSITIVE_INFINITY };
  t.equal(decide(levels.slice(0, 14), options).state, 'decided');
  for (let cycles = 1; cycles <= 20; cycles++) {
    t.equal(decide(levels.slice(0, cycles), patient).state, 'continue');
  }
  t.equal(conclude(levels, patient).finding, 'growth-sustained', 'the end is one fixed look');
  t.end();
});

test('growth whose interval does not refute a square root is no leak yet', (t) => {
  const channels = { heapBytes: { shape: leak(1000), noise: white(60_000) } };
  const strict = { ...options, refutedExponent: 0.95 };
  let [usual, refuted] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const levels = levelsWith(channels, 18, seed);
    usual += Number(conclude(levels, options).finding === 'growth-sustained');
    refuted += Number(conclude(levels, strict).finding === 'growth-sustained');
  }
  t.ok(usual >= 17, `${usual} of 20 refute the square root`);
  t.ok(refuted < usual / 2, `${refuted} of 20 refute an exponent of 0.95`);
  t.end();
});
