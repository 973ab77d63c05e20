// The leak experiment on a process whose heap nobody can read: resident memory, which holds garbage
// as well, and sockets are all there is.

import { test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
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
