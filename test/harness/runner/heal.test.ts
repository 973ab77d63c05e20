// Faults around the gateway's process, put in force for a phase and taken back: what they act on is
// the process of the subject, and the journal has the window and each step.

import { test } from 'tap';
import type { Injection } from '../../../harness/record.ts';
import type { RunContext } from '../../../harness/runner/context.ts';
import { disturbPhase } from '../../../harness/runner/heal.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { limitOf, startVictim, untilState } from '../../fixtures/disturbed-process.ts';

/** As much of a run as these faults look at. */
function contextOf(pid: number | null) {
  const injections: Injection[] = [];
  let timeMs = 0;
  const context = {
    subject: {
      name: 'a gateway',
      url: 'http://127.0.0.1:1',
      pid,
      capabilities: new Set(pid === null ? [] : ['procfs']),
      missing: {},
    },
    control: { releaseBilling: async () => undefined },
    signal: AbortSignal.timeout(60_000),
    nowMs: () => timeMs++,
    inject: (injection: Injection) => void injections.push(injection),
  } as unknown as RunContext;
  return { context, injections };
}

test('pressure acts on the process of the gateway, and is journalled with its steps', async (t) => {
  const { pid } = await startVictim(t);
  const { context, injections } = contextOf(pid);
  const words = 'memory-pressure;steps=1;headroom=32MiB';
  const disturbed = await disturbPhase([parseFaultWords(words)], context);
  t.ok(limitOf(pid, 'data size') < Infinity);
  await disturbed[Symbol.asyncDispose]();
  t.equal(limitOf(pid, 'data size'), Infinity);
  t.match(injections, [
    { what: /is limited/, startMs: 0, endMs: null },
    { what: 'step 1 of 1: 32 MiB left (rlimit)', startMs: 1, endMs: 1 },
    { what: /is limited/, startMs: 0, endMs: 2 },
  ]);
});

test('several faults of a phase are healed, the last first', async (t) => {
  const { pid } = await startVictim(t);
  const { context, injections } = contextOf(pid);
  const faults = ['memory-pressure;steps=1', 'pause;for=1m'].map(parseFaultWords);
  const disturbed = await disturbPhase(faults, context);
  await untilState(pid, /T/);
  await disturbed[Symbol.asyncDispose]();
  await untilState(pid, /[RS]/);
  const healed = injections.filter(({ startMs, endMs }) => endMs !== null && endMs > startMs);
  t.match(healed, [{ fault: /^pause/ }, { fault: /^memory-pressure/ }]);
});

test('a gateway whose process is out of reach is told so', async (t) => {
  const { context } = contextOf(null);
  const faults = [parseFaultWords('pause')];
  await t.rejects(disturbPhase(faults, context), /out of reach. Use --pid/);
});
