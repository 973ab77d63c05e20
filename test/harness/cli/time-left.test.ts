// The time left of a run: at most what its phases may take, and sooner where they end sooner.

import { test } from 'tap';
import { planOf, timeLeft } from '../../../harness/cli/time-left.ts';
import { streamingConnections } from '../../../harness/scenarios/streaming-connections.ts';

const plan = [
  { name: 'warm-up', seconds: 10 },
  { name: 'stress', seconds: 30 },
  { name: 'settle', seconds: 10 },
];

test('at first it is what the phases may take at most', async (t) => {
  const left = timeLeft(plan);
  t.equal(left.leftSeconds(0), null, 'before the first phase nothing is known');
  left.enter('warm-up', 2_000);
  t.equal(left.leftSeconds(2_000), 50);
  t.equal(left.leftSeconds(5_000), 47);
});

test('phases that took half their time halve what is left', async (t) => {
  const left = timeLeft(plan);
  left.enter('warm-up', 0);
  left.enter('stress', 5_000);
  t.equal(left.leftSeconds(5_000), 20);
  left.enter('settle', 20_000);
  t.equal(left.leftSeconds(20_000), 5);
  t.equal(left.leftSeconds(90_000), 0, 'never less than nothing');
});

test('a phase that is none of the plan has no time', async (t) => {
  const left = timeLeft(plan);
  left.enter('warm-up', 0);
  left.enter('diagnosis', 1_000);
  t.equal(left.leftSeconds(1_000), null);
});

test('rounds of one name follow each other', async (t) => {
  const left = timeLeft([...plan, ...plan]);
  left.enter('warm-up', 0);
  left.enter('warm-up', 50_000);
  t.equal(left.leftSeconds(50_000), 50);
});

test('the plan of a scenario has all its phases, and no wait for what may not come', async (t) => {
  const found = planOf(streamingConnections.phases('smoke'));
  t.equal(found.length, streamingConnections.phases('smoke').length);
  t.equal(found.find(({ name }) => name === 'release')?.seconds, 0);
});
