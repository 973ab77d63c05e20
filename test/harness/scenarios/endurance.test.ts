// The mix that endurance asks for is the plan's, on both providers and in both forms, and at every
// scale the same.

import { test } from 'tap';
import { mix } from '../../../harness/load/workload.ts';
import { type CyclesPhase, scales } from '../../../harness/scenario.ts';
import { endurance } from '../../../harness/scenarios/endurance.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const asked = 8000;

const stressOf = (scale: (typeof scales)[number]) =>
  endurance
    .phases(scale)
    .find((phase): phase is CyclesPhase => phase.kind === 'cycles' && phase.name === 'stress');

test('seventy of a hundred are chats, twenty-five embeddings, five lists of models', async (t) => {
  const workload = mix(stressOf('smoke')?.arms ?? [], seededRng(5));
  const kinds = Map.groupBy(
    Array.from({ length: asked }, (_, seq) => workload(seq).request),
    ({ kind }) => kind,
  );
  const share = (kind: 'chat' | 'embeddings' | 'models') => (kinds.get(kind)?.length ?? 0) / asked;
  // Four standard deviations of a binomial: 2.1, 2 and 1 in a hundred.
  t.ok(Math.abs(share('chat') - 0.7) < 0.021, `${share('chat')}`);
  t.ok(Math.abs(share('embeddings') - 0.25) < 0.02, `${share('embeddings')}`);
  t.ok(Math.abs(share('models') - 0.05) < 0.01, `${share('models')}`);
  const chats = (kinds.get('chat') ?? []).flatMap((request) =>
    request.kind === 'chat' ? [`${request.provider} ${request.isStreamed}`] : [],
  );
  t.same([...new Set(chats)].toSorted(), [
    'bedrock false',
    'bedrock true',
    'vertex false',
    'vertex true',
  ]);
});

test('at scale full it works for four hours, whatever the levels say by then', async (t) => {
  const [smoke, , full] = scales.map(stressOf);
  t.equal(full?.maxSeconds, 4 * 3600);
  t.equal(full?.experiment?.minCleanCycles, full?.maxCycles, 'no clean verdict ends it');
  t.same(
    full?.arms.map(({ name, weight }) => [name, weight]),
    smoke?.arms.map(({ name, weight }) => [name, weight]),
  );
});
