// A monitor whose readings fail ends its load, and the run hears why.

import { test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { runMonitor } from '../../../harness/runner/arrivals.ts';
import type { RunContext } from '../../../harness/runner/context.ts';
import { seededRng } from '../../../injectors/determinism.ts';

function contextOf(level: () => Promise<never>): RunContext {
  const row = { startMs: 0, ttftMs: 0, endMs: 1, status: 200, outcome: 'ok' };
  return {
    probes: [{ level }],
    client: { send: async () => ({ ...row, eventCount: 0, byteCount: 0 }), cut() {} },
    store: { request: async () => undefined },
    answered: { count: 0, perSecond: Number.POSITIVE_INFINITY },
    rng: seededRng(1),
    phases: [],
    levels: [],
    signal: new AbortController().signal,
    warn() {},
  } as unknown as RunContext;
}

test('a reading that fails ends the phase with its reason, long before its time', async (t) => {
  const context = contextOf(async () => {
    throw new Error('the inspector has gone');
  });
  const phase = {
    kind: 'monitor',
    name: 'stress',
    title: 'traffic',
    seconds: 600,
    ratePerSecond: 50,
    maxInFlight: 4,
    levelEveryMs: 20,
    levelCount: 9,
    arms: [{ name: 'unit', weight: 1, make: () => ({}) as never }],
    experiment: smokeExperiment,
  } as const;
  await t.rejects(runMonitor(phase, context), { message: 'the inspector has gone' });
});
