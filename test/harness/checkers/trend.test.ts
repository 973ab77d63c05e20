// A plot that rises all along fails; one that is flat, saws, or rises early and then stays passes,
// whatever noise lies on it.

import { test } from 'tap';
import { trendChecker } from '../../../harness/checkers/trend.ts';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MiB = 1024 ** 2;
const base = buildRecord();
const stress = base.phases.find(({ name }) => name === 'stress');
const [startMs, endMs] = [stress?.startMs ?? 0, stress?.endMs ?? 0];
const sampleCount = 60;
const seeds = Array.from({ length: 50 }, (_, index) => index + 1);

/** `shape` of the share of the time, from 0 to 1, in MiB, with noise of some MiB on it. */
function outcome(shape: (share: number, rng: Rng) => number, seed: number) {
  const rng = seededRng(seed);
  const samples = Array.from({ length: sampleCount }, (_, at) => ({
    metric: 'rssBytes' as const,
    timeMs: startMs + ((endMs - startMs) * at) / (sampleCount - 1),
    value: (200 + shape(at / (sampleCount - 1), rng) + 6 * rng.next()) * MiB,
  }));
  return trendChecker().check(buildRecord({}, { samples }));
}

const shapeOf = (shape: Parameters<typeof outcome>[0], seed: number) =>
  outcome(shape, seed).evidence.find(({ label }) => label === 'rssBytes trend')?.value;

test('a steady rise of half the memory is seen in 50 of 50', async (t) => {
  for (const seed of seeds) t.equal(outcome((share) => 100 * share, seed).outcome, 'fail');
  t.match(outcome((share) => 100 * share, 1).reason, /rssBytes rises by 6\d(\.\d)? MiB/);
});

test('noise on a plateau is flat in 50 of 50', async (t) => {
  for (const seed of seeds)
    t.equal(
      shapeOf(() => 0, seed),
      'flat',
    );
});

test('a warm-up of as much is no trend, nor is a sawtooth', async (t) => {
  const warmUp = (share: number) => 100 * (1 - Math.exp(-12 * share));
  const saw = (share: number) => 60 * ((share * 8) % 1);
  for (const seed of seeds) {
    t.equal(outcome(warmUp, seed).outcome, 'pass');
    t.equal(shapeOf(saw, seed), 'cyclical');
  }
});

test('too few readings are inconclusive', async (t) => {
  t.equal(trendChecker().check(buildRecord({}, { samples: [] })).outcome, 'inconclusive');
});
