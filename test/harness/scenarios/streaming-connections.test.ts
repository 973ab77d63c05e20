// What the scales promise: a full run is not over after the cycles of a smoke run, and a leak that
// begins late is still looked for.

import { test } from 'tap';
import { decide } from '../../../harness/checkers/leak-experiment.ts';
import { type Scale, scales } from '../../../harness/scenario.ts';
import { streamingConnections } from '../../../harness/scenarios/streaming-connections.ts';
import { buildLevels, flat, type Shape, white } from '../../fixtures/levels.ts';

function experimentOf(scale: Scale) {
  const stress = streamingConnections.phases(scale).find(({ name }) => name === 'stress');
  if (stress?.kind !== 'cycles' || stress.experiment === null) throw new Error('No experiment.');
  return { experiment: stress.experiment, maxCycles: stress.maxCycles };
}

/** The cycle after which the run stops, and what it found. */
function stopOf(scale: Scale, shape: Shape) {
  const { experiment, maxCycles } = experimentOf(scale);
  const channels = { heapBytes: { shape, noise: white(10_000) } };
  const levels = buildLevels({ seed: 5, cycles: maxCycles, channels });
  for (let count = 1; count <= maxCycles; count++) {
    const answer = decide(levels.slice(0, count), experiment);
    if (answer.state === 'decided') return { cycles: count, finding: answer.finding };
  }
  return { cycles: maxCycles, finding: 'undecided' };
}

test('a flat gateway is called clean after 9, 13 and 200 cycles', (t) => {
  const cycles = scales.map((scale) => stopOf(scale, flat));
  t.same(cycles, [
    { cycles: 9, finding: 'clean' },
    { cycles: 13, finding: 'clean' },
    { cycles: 200, finding: 'clean' },
  ]);
  t.end();
});

test('a full run finds a leak that begins after a thirtieth of it', (t) => {
  const late: Shape = (work) => 2000 * Math.max(0, work - 10_000);
  const { cycles, finding } = stopOf('full', late);
  t.equal(finding, 'growth-sustained');
  t.ok(cycles < 200, `after ${cycles} cycles`);
  t.end();
});

test('every scale looks for growth to its last cycle', (t) => {
  for (const scale of scales) {
    const { experiment, maxCycles } = experimentOf(scale);
    t.equal(experiment.looks.at(-1), maxCycles, scale);
  }
  t.end();
});
