// Levels of a run that was resumed are judged by process: a leak in either is found, two clean ones
// are clean, and the step between them is no growth.

import { test } from 'tap';
import { gatewayExperiment } from '../../../harness/checkers/experiment-options.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import { livesOf } from '../../../harness/checkers/lives.ts';
import type { Level } from '../../../harness/series/sample.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { buildRecord } from '../../fixtures/record.ts';

const KiB = 1024;
const cycles = 20;
const requestsPerCycle = 200;

/** A process that begins at `startBytes` and keeps so much of each request. */
function life(startBytes: number, bytesPerRequest: number, seed: number, fromMs: number): Level[] {
  const rng = seededRng(seed);
  return Array.from({ length: cycles }, (_, at) => {
    const totalRequests = requestsPerCycle * (at + 1);
    const heapBytes = startBytes + bytesPerRequest * totalRequests + 4 * KiB * rng.next();
    return {
      phase: 'stress',
      cycle: at + 1,
      requests: requestsPerCycle,
      totalRequests,
      timeMs: fromMs + 1000 * at,
      values: { heapBytes, fdCount: 20 },
    };
  });
}

const judged = (levels: readonly Level[]) =>
  leakChecker({ experiment: gatewayExperiment }).check(buildRecord({}, { levels }));

test('a new life begins where the count of requests does', async (t) => {
  const levels = [...life(0, 0, 1, 0), ...life(0, 0, 2, 60_000)];
  t.same(
    livesOf(levels).map(({ length }) => length),
    [cycles, cycles],
  );
  t.same(livesOf([]), []);
});

test('a leak is found in whichever process it shows', async (t) => {
  const clean = life(40e6, 0, 1, 0);
  t.equal(judged([...clean, ...life(40e6, 4 * KiB, 2, 60_000)]).finding, 'leak');
  t.equal(judged([...life(40e6, 4 * KiB, 2, 0), ...life(40e6, 0, 1, 60_000)]).finding, 'leak');
});

test('a process that begins ten MiB higher than the last one ended is no leak', async (t) => {
  const { finding, outcome } = judged([...life(40e6, 0, 1, 0), ...life(50e6, 0, 2, 60_000)]);
  t.equal(finding, 'clean');
  t.equal(outcome, 'pass');
});
