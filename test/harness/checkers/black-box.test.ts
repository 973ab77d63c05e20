// The leak experiment on a process whose heap nobody can read: resident memory, which holds garbage
// as well, and sockets are all there is.

import { test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { fitToRuntime } from '../../../harness/checkers/garbage.ts';
import {
  buildLevels,
  flat,
  type LevelPlan,
  leak,
  leakOneIn,
  pool,
  runExperiment,
  white,
} from '../../fixtures/levels.ts';

const options = { ...smokeExperiment, requestsBefore: 400 };
const levelsWith = (channels: LevelPlan['channels']) =>
  buildLevels({ seed: 4, cycles: 22, channels });

test('flat resident memory acquits', (t) => {
  const levels = levelsWith({ anonBytes: { shape: flat, noise: white(50_000) } });
  t.equal(runExperiment(levels, options).finding, 'clean');
  t.end();
});

test('growth that may be garbage accuses nobody', (t) => {
  // Measured on a clean gateway with its inspector shut: 43.7 KiB per request, exponent 1.05.
  const levels = levelsWith({ anonBytes: { shape: leak(43_700), noise: white(50_000) } });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'undecided');
  t.match(channels[0]?.reason, /may be garbage.*--inspect/);
  const more = levelsWith({ anonBytes: { shape: leak(400_000), noise: white(50_000) } });
  t.equal(runExperiment(more, options).finding, 'growth-sustained', 'a gigabyte is no garbage');
  t.end();
});

test('each runtime may hold its own share of garbage, and what is more is a leak', (t) => {
  const judge = (runtime: string, perRequest: number) => {
    const levels = levelsWith({ anonBytes: { shape: leak(perRequest), noise: white(50_000) } });
    return runExperiment(levels, fitToRuntime(runtime, options));
  };
  // 120 MB at the first level: CPython may hold 30 MB of garbage, Go 120 MB, V8 512 MiB.
  t.equal(judge('python', 8192).finding, 'growth-sustained');
  t.equal(judge('python', 4096).finding, 'undecided');
  t.match(judge('python', 4096).channels[0]?.reason, /may be garbage\. Let leakbed start/);
  t.equal(judge('go', 8192).finding, 'undecided');
  t.equal(judge('go', 32_768).finding, 'growth-sustained');
  t.equal(judge('node', 32_768).finding, 'undecided');
  t.equal(judge('unknown', 32_768).finding, 'undecided');
  t.end();
});

test('flat memory of a Go process clears it of what its smallest heap would have shown', (t) => {
  const levels = levelsWith({ anonBytes: { shape: flat, noise: white(1000) } });
  const { finding, channels } = runExperiment(levels, fitToRuntime('go', options));
  t.equal(finding, 'clean');
  const requests = levels[8]?.totalRequests ?? 0;
  t.equal(
    channels[0]?.resolution,
    (4 * 1024 ** 2) / requests,
    '4 MiB over the requests of 9 cycles',
  );
  const [python] = runExperiment(levels, fitToRuntime('python', options)).channels;
  t.equal(python?.resolution, 512);
  t.end();
});

test('leaking sockets still accuse', (t) => {
  const levels = levelsWith({
    anonBytes: { shape: leak(43_700), noise: white(50_000) },
    socketCount: { shape: leakOneIn(4), noise: pool(0) },
  });
  const { finding, channels } = runExperiment(levels, options);
  t.equal(finding, 'growth-sustained');
  t.equal(channels[0]?.metric, 'socketCount');
  t.end();
});
