// What a rest after the work says of growth: given back late, going on with time, or neither.

import { test } from 'tap';
import { aftermathOf } from '../../../harness/checkers/aftermath.ts';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { buildLevels, leak, white } from '../../fixtures/levels.ts';
import { buildRecord } from '../../fixtures/record.ts';

const work = buildLevels({
  seed: 4,
  cycles: 22,
  channels: { heapBytes: { shape: leak(1000), noise: white(1000) } },
});
const lastMs = work.at(-1)?.timeMs ?? 0;
const rise = (work.at(-1)?.values.heapBytes ?? 0) - (work[0]?.values.heapBytes ?? 0);
const busyPerSecond = (rise / (lastMs - (work[0]?.timeMs ?? 0))) * 1000;

/** Nine levels three seconds apart; `value` is what is there beside the level at the end. */
function restWith(value: (seconds: number) => number): readonly Level[] {
  const haze = white(1000)(seededRng(9));
  return Array.from({ length: 9 }, (_, index) => {
    const seconds = 3 * (index + 1);
    const heapBytes = (work.at(-1)?.values.heapBytes ?? 0) + value(seconds) + haze(seconds);
    const timeMs = lastMs + seconds * 1000;
    const cycle = { phase: 'release', cycle: index + 1, requests: 0, totalRequests: 0 };
    return { ...cycle, timeMs, values: { heapBytes } };
  });
}

const judge = (rest: readonly Level[]) =>
  leakChecker({ experiment: { ...smokeExperiment, requestsBefore: 400 } }).check(
    buildRecord({}, { levels: [...work, ...rest] }),
  );

test('growth that stays as it was is a leak of the work', (t) => {
  const after = aftermathOf(
    'heapBytes',
    work,
    restWith(() => 0),
  );
  t.same(after, { releasedAfterMs: null, idlePerSecond: null, isTimeDriven: false });
  const { outcome, finding, reason } = judge(restWith(() => 0));
  t.equal(outcome, 'fail');
  t.equal(finding, 'leak');
  t.notMatch(reason, /at rest/);
  t.end();
});

test('growth that is given back for good is bounded, with the time it took', (t) => {
  const rest = restWith((seconds) => (seconds >= 12 ? -0.9 * rise : 0));
  t.equal(aftermathOf('heapBytes', work, rest)?.releasedAfterMs, 12_000);
  const { outcome, finding, reason } = judge(rest);
  t.equal(outcome, 'pass');
  t.equal(finding, 'bounded');
  t.match(reason, /given back within 12 s of rest/);
  t.end();
});

test('a third given back, or a dip that comes again, is no release', (t) => {
  const third = restWith((seconds) => (seconds >= 12 ? -rise / 3 : 0));
  const dip = restWith((seconds) => (seconds === 12 ? -rise : 0));
  t.equal(judge(third).finding, 'leak');
  t.equal(judge(dip).finding, 'leak');
  t.end();
});

test('growth that goes on at rest as under work is told as growth with time', (t) => {
  const rest = restWith((seconds) => busyPerSecond * seconds);
  t.equal(aftermathOf('heapBytes', work, rest)?.isTimeDriven, true);
  const { finding, reason } = judge(rest);
  t.equal(finding, 'leak');
  t.match(reason, /grows at rest as well, by .* per second: with time, not with requests/);
  t.end();
});

test('slow growth at rest explains a fast leak of the work by no means', (t) => {
  const rest = restWith((seconds) => (busyPerSecond / 5) * seconds);
  const after = aftermathOf('heapBytes', work, rest);
  t.ok((after?.idlePerSecond ?? 0) > 0);
  t.equal(after?.isTimeDriven, false);
  t.end();
});

test('without readings at rest nothing is said of it', (t) => {
  t.equal(aftermathOf('heapBytes', work, []), null);
  t.equal(
    aftermathOf(
      'fdCount',
      work,
      restWith(() => 0),
    ),
    null,
  );
  t.equal(judge([]).finding, 'leak');
  t.end();
});
