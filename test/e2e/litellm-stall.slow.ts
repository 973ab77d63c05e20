// The billing stall in a gateway of somebody else's, nothing of which is changed: LiteLLM's proxy
// with its callback "generic_api". Held in its process all events wait and arrive once; where the
// sink itself fails, it drops the batch, and each lost event is named.

import { test } from 'tap';
import { integritySentence } from '../../harness/checkers/reconcile.ts';
import { startMocks } from '../../mocks/server.ts';
import { install } from '../conformance/clients/install.ts';
import { litellmRecipe } from '../fixtures/gateway-recipes.ts';
import { runStalledLitellm } from '../fixtures/stalled-litellm.ts';

const installed = await install(litellmRecipe);
const skip = installed.reason ?? false;
if (installed.reason === undefined) process.env.LEAKBED_LITELLM = installed.folder;
const eventsPerRound = 100;

test('held in its process, every event waits and is billed once', { skip }, async (t) => {
  await using mocks = await startMocks({ port: 0, seed: 1 });
  const state = { mode: 'stuck', delayMs: 0, nth: 1 } as const;
  const stalled = { place: 'hook', state, eventsPerRound, rounds: 3 } as const;
  const outcome = await runStalledLitellm(stalled, mocks);
  const { lost: _lost, unasked: _unasked, duplicated: _duplicated, ...figures } = outcome;
  t.comment(JSON.stringify(figures));
  t.ok(outcome.depth >= 0.9 * eventsPerRound, `${outcome.depth} events waited`);
  t.ok((outcome.bytesPerEvent?.[0] ?? 0) > 1000, 'each costs memory');
  t.ok(outcome.residualBytes < 4 * 1024 ** 2, `${outcome.residualBytes} B are left`);
  t.equal(outcome.lost.length, outcome.lostHealthy, integritySentence(outcome));
  t.equal(outcome.duplicated.length, 0, 'the stall itself costs no event');
});

test('where the sink fails its batch is dropped, to the event', { skip }, async (t) => {
  await using mocks = await startMocks({ port: 0, seed: 1 });
  const state = { mode: 'error', delayMs: 0, nth: 1 } as const;
  const stalled = { place: 'wire', state, eventsPerRound, rounds: 1 } as const;
  const outcome = await runStalledLitellm(stalled, mocks);
  t.comment(integritySentence(outcome));
  t.ok(outcome.lost.length >= eventsPerRound, 'LiteLLM 1.106 clears its queue after an error');
  t.equal(outcome.duplicated.length, 0);
});
