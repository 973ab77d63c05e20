// The leak experiment's decision on single, hand-chosen processes; how often it is right over many
// is detector-rates.slow.ts.

import { test } from 'tap';
import {
  type ExperimentOptions,
  exactExperiment,
  smokeExperiment,
} from '../../../harness/checkers/experiment-options.ts';
import { conclude, decide } from '../../../harness/checkers/leak-experiment.ts';
import type { MetricName } from '../../../harness/series/metrics.ts';
import type { Level } from '../../../harness/series/sample.ts';
import type { ResourceFinding } from '../../../harness/verdict.ts';
import {
  buildLevels,
  filling,
  flat,
  type LevelPlan,
  leak,
  leakOneIn,
  pool,
  runExperiment,
  squareRoot,
  white,
} from '../../fixtures/levels.ts';

const options: ExperimentOptions = { ...smokeExperiment, requestsBefore: 400 };
const quiet = white(1000);
const still = pool(0);

function levelsWith(
  channels: LevelPlan['channels'],
  cycles = 22,
  change: Partial<LevelPlan> = {},
): readonly Level[] {
  return buildLevels({ seed: 4, cycles, channels, ...change });
}

const about = (channels: readonly ResourceFinding[], metric: MetricName) =>
  channels.find((channel) => channel.metric === metric);

test('a flat process is clean, with the resolution the run had', (t) => {
  const levels = levelsWith({
    heapBytes: { shape: flat, noise: quiet },
    socketCount: { shape: flat, noise: still },
  });
  const { finding, channels, cycles } = runExperiment(levels, options);
  t.equal(finding, 'clean');
  t.ok(cycles <= 11, `decided after ${cycles} cycles`);
  t.equal(about(channels, 'heapBytes')?.resolution, 128, 'δ, since the noise is far below it');
  t.match(about(channels, 'heapBytes')?.reason, /one of 128 B per request would have been seen/);
  t.equal(about(channels, 'socketCount')?.finding, 'clean');
  t.end();
});

test('a leak is sustained growth, and its rate lies in a narrow interval', (t) => {
  const levels = levelsWith({ heapBytes: { shape: leak(1024), noise: quiet } });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'growth-sustained');
  const heap = about(channels, 'heapBytes');
  t.equal(heap?.finding, 'leak');
  t.ok(heap?.perRequest && heap.perRequest.low <= 1024 && heap.perRequest.high >= 1024);
  t.ok(heap?.perRequest && heap.perRequest.high - heap.perRequest.low < 20);
  t.ok(Math.abs((heap?.exponent ?? 0) - 1) < 0.1, `exponent ${heap?.exponent}`);
  t.equal(heap?.resolution, 128, 'a leak eight times smaller would have shown as well');
  t.end();
});

test('growth is not called a leak before fresh levels have confirmed it', (t) => {
  const levels = levelsWith({ heapBytes: { shape: leak(4096), noise: quiet } }, 13);
  const answer = decide(levels, options);
  t.equal(answer.state, 'continue');
  t.equal(answer.channels[0]?.finding, 'undecided');
  t.match(answer.channels[0]?.reason, /do not show whether it stops/);
  t.end();
});

test('when work ran out early, five fresh cycles suffice to confirm', (t) => {
  const channels = { heapBytes: { shape: leak(4096), noise: quiet } };
  t.equal(conclude(levelsWith(channels, 12), options).finding, 'growth-sustained');
  t.equal(conclude(levelsWith(channels, 11), options).finding, 'undecided');
  t.end();
});

test('a cache that is full after half the run is bounded', (t) => {
  const levels = levelsWith({ heapBytes: { shape: filling(4e6, 2500), noise: quiet } });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'growth-saturating');
  t.equal(channels[0]?.finding, 'bounded');
  t.match(channels[0]?.reason, /rose by .* MiB and then stopped/);
  t.end();
});

test('a warm-up below the size that counts is clean, not bounded', (t) => {
  const levels = levelsWith({ heapBytes: { shape: filling(600_000, 2500), noise: quiet } });
  t.equal(runExperiment(levels, options).finding, 'clean');
  t.end();
});

test('growth that slows down without stopping is undecided, never a leak', (t) => {
  const levels = levelsWith({ heapBytes: { shape: squareRoot(40_000), noise: quiet } });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'undecided');
  t.ok(Math.abs((channels[0]?.exponent ?? 0) - 0.5) < 0.15, `${channels[0]?.exponent}`);
  t.end();
});

test('a slow leak under a cache that fills first still surfaces', (t) => {
  const shape = (work: number) => filling(4e6, 2000)(work) + leak(700)(work);
  const levels = levelsWith({ heapBytes: { shape, noise: quiet } }, 40);
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'growth-sustained');
  t.ok(Math.abs((channels[0]?.perRequest?.estimate ?? 0) - 700) < 30);
  t.end();
});

test('a leaked socket is named before the memory it holds', (t) => {
  const levels = levelsWith({
    heapBytes: { shape: leak(9000), noise: quiet },
    fdCount: { shape: leakOneIn(25), noise: still },
    socketCount: { shape: leakOneIn(25), noise: still },
  });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'growth-sustained');
  t.same(
    channels.map((channel) => channel.metric),
    ['socketCount', 'fdCount', 'heapBytes'],
  );
  t.ok(Math.abs((channels[0]?.perRequest?.estimate ?? 0) - 0.04) < 0.003);
  t.end();
});

test('a pool that opens four sockets is no leak', (t) => {
  const levels = levelsWith({
    heapBytes: { shape: flat, noise: quiet },
    socketCount: { shape: (work) => Math.min(4, Math.floor(work / 600)), noise: still },
  });
  t.equal(runExperiment(levels, options).finding, 'clean');
  t.end();
});

test('resident memory that grows by itself does not accuse, overwhelming growth does', (t) => {
  const run = (perRequest: number) =>
    runExperiment(
      levelsWith({
        heapBytes: { shape: flat, noise: quiet },
        anonBytes: { shape: leak(perRequest), noise: white(20_000) },
      }),
      options,
    );
  const some = run(1500);
  t.equal(some.finding, 'clean');
  t.equal(about(some.channels, 'anonBytes')?.finding, 'undecided');
  const much = run(12_000);
  t.equal(much.finding, 'growth-sustained');
  t.equal(much.channels[0]?.metric, 'anonBytes');
  t.end();
});

test('resident memory that grows beside a leak is reported as that leak, after it', (t) => {
  const levels = levelsWith({
    heapBytes: { shape: leak(1500), noise: quiet },
    anonBytes: { shape: leak(1600), noise: white(20_000) },
  });
  const { channels } = runExperiment(levels, options);
  t.same(
    channels.map(({ metric, finding }) => [metric, finding]),
    [
      ['heapBytes', 'leak'],
      ['anonBytes', 'leak'],
    ],
  );
  t.end();
});

test('work that ran out is clean only at a resolution worth stating', (t) => {
  const conclusion = (sd: number) =>
    conclude(levelsWith({ heapBytes: { shape: flat, noise: white(sd) } }), options);
  const good = conclusion(400_000);
  t.equal(good.finding, 'clean');
  t.ok((good.channels[0]?.resolution ?? 0) > 128, 'coarser than δ');
  const noisy = conclusion(3_000_000);
  t.equal(noisy.finding, 'undecided');
  t.match(noisy.channels[0]?.reason, /too noisy to tell/);
  t.end();
});

test('no levels, too few levels and no channels are undecided and never throw', (t) => {
  t.equal(conclude([], options).finding, 'undecided');
  t.equal(decide([], options).state, 'continue');
  const few = levelsWith({ heapBytes: { shape: leak(9000), noise: quiet } }, 4);
  t.equal(conclude(few, options).finding, 'undecided');
  t.match(conclude(few, options).channels[0]?.reason, /too few/);
  const bare = levelsWith({}, 20);
  t.equal(conclude(bare, options).finding, 'undecided');
  t.end();
});

test('a channel that is missing from some levels is judged by the others', (t) => {
  const levels = levelsWith({ heapBytes: { shape: leak(2048), noise: quiet } }, 30).map(
    (level, index) => (index % 3 === 0 ? { ...level, values: {} } : level),
  );
  t.equal(runExperiment(levels, options).finding, 'growth-sustained');
  t.end();
});

test('the same levels always give the same answer, whenever they are asked about', (t) => {
  const levels = levelsWith({ heapBytes: { shape: leak(1024), noise: white(20_000) } });
  const { cycles, finding } = runExperiment(levels, options);
  const again = conclude(levels.slice(0, cycles), options);
  t.equal(again.finding, finding);
  t.end();
});

test('with the optimiser off and more work the exact preset tells 48 bytes from none', (t) => {
  const run = (seed: number, perRequest: number) =>
    runExperiment(
      levelsWith({ heapBytes: { shape: leak(perRequest), noise: quiet } }, 40, {
        seed,
        requests: [300, 900],
      }),
      { ...exactExperiment, requestsBefore: 400 },
    ).finding;
  for (let seed = 1; seed <= 20; seed++) {
    t.equal(run(seed, 48), 'growth-sustained', `seed ${seed}`);
    t.equal(run(seed, 0), 'clean', `seed ${seed}`);
  }
  t.end();
});
