// Planted leaks that are found pass, one that is missed, found late, or an alarm where nothing was
// planted fails; growth that stops is no alarm.

import { test } from 'tap';
import { detectionChecker } from '../../../harness/checkers/detection.ts';
import { gatewayExperiment } from '../../../harness/checkers/experiment-options.ts';
import type { Level } from '../../../harness/series/sample.ts';
import type { Suspect } from '../../../harness/verdict.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { buildRecord } from '../../fixtures/record.ts';

const kept = (bytes: number) => (work: number) => bytes * work;
const nothing = kept(0);
/** A cache of 300 entries. */
const cache = (work: number) => 8192 * Math.min(300, work);

type Growth = (work: number) => number;

/** Twenty levels a second apart in each stretch, 100 requests between two. */
function judge(
  growth: Readonly<Record<'normal' | 'growth' | 'stress', Growth>>,
  limitSeconds = 60,
  suspects: readonly Suspect[] = [],
) {
  const rng = seededRng(5);
  const stretches = Object.entries(growth);
  const levels = stretches.flatMap(([phase, of], stretch) =>
    Array.from({ length: 20 }, (_, nth): Level => {
      const totalRequests = 100 * (nth + 1);
      const heapBytes = 24_000_000 + of(totalRequests) + 20_000 * rng.next();
      const timeMs = stretch * 100_000 + 1000 * (nth + 1);
      const values = { heapBytes, anonBytes: 2 * heapBytes };
      return { phase, cycle: nth + 1, requests: 100, totalRequests, timeMs, values };
    }),
  );
  const phases = stretches.map(([name], at) => ({ name, startMs: at * 100_000, endMs: null }));
  const checker = detectionChecker({
    trials: [
      { phase: 'normal', leak: null },
      { phase: 'growth', leak: null },
      { phase: 'stress', leak: { bytesPerRequest: 4096 } },
    ],
    experiment: { ...gatewayExperiment, requestsBefore: 400 },
    limitSeconds,
    toleratedFalseShare: 0.02,
  });
  return checker.check(buildRecord({}, { levels, phases, suspects }));
}

test('a leak that is found, after normal work and a cache, passes with its figures', async (t) => {
  const { outcome, evidence, finding } = judge({
    normal: nothing,
    growth: cache,
    stress: kept(4096),
  });
  t.equal(outcome, 'pass');
  t.equal(finding, 'clean', 'of the gateway itself');
  const value = (label: string) => evidence.find((each) => each.label === label)?.value;
  t.ok(Math.abs(Number(value('stress: rate told')) - 1) < 0.05, 'the planted rate');
  t.ok(Number(value('stress: alarm after')) <= 20, 'seconds');
  t.equal(value('growth'), 'no alarm');
});

test('a leak that nobody noticed fails', async (t) => {
  const { outcome, reason } = judge({ normal: nothing, growth: cache, stress: nothing });
  t.equal(outcome, 'fail');
  t.match(reason, /^stress: no alarm in 20 levels\.$/);
});

test('a leak that is smaller than what memory moves by itself is not judged', async (t) => {
  const rng = seededRng(9);
  const restless = () => 40_000_000 * rng.next();
  const { outcome, reason } = judge({ normal: restless, growth: cache, stress: restless });
  t.equal(outcome, 'inconclusive');
  t.match(reason, /^Memory moved too much in stress to see/);
});

test('a leak that is told too late fails', async (t) => {
  const { outcome, reason } = judge({ normal: nothing, growth: cache, stress: kept(4096) }, 5);
  t.equal(outcome, 'fail');
  t.match(reason, /^stress: the alarm came after \d+ s\.$/);
});

test('a gateway that leaks by itself fails, with its finding and rate', async (t) => {
  const { outcome, finding, reason } = judge({
    normal: kept(2048),
    growth: cache,
    stress: kept(6144),
  });
  t.equal(outcome, 'fail');
  t.equal(finding, 'leak');
  t.match(
    reason,
    /^normal: an alarm after \d+ s, .* heapBytes grows by (?:2|1\.9\d|2\.0\d) KiB per request/,
  );
});

test('what the diagnosis named is evidence, and suspected where nothing was planted', async (t) => {
  const suspect = {
    name: 'log',
    file: 'app.ts',
    line: 7,
    kind: 'variable',
    bytesPerRequest: 2048,
  } as const;
  const told = {
    label: 'named by the diagnosis (variable)',
    value: 'log (app.ts:7), 2 KiB per request',
  };
  const innocent = judge({ normal: nothing, growth: cache, stress: kept(4096) }, 60, [suspect]);
  t.match(innocent.evidence.at(-1), told);
  t.same(innocent.suspects, []);
  const own = judge({ normal: kept(2048), growth: cache, stress: kept(6144) }, 60, [suspect]);
  t.match(own.evidence.at(-1), told);
  t.same(own.suspects, [suspect]);
});
