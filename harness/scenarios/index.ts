// The explicit list of scenarios, and the suites made of them.

import type { Scenario } from '../scenario.ts';
import { asyncLifecycle } from './async-lifecycle.ts';
import { automatedProfiling } from './automated-profiling.ts';
import { billingQueue } from './billing-queue.ts';
import { embedBatch } from './embed-batch.ts';
import { endurance } from './endurance.ts';
import { faultArms } from './fault-arms.ts';
import { fragmentation } from './fragmentation.ts';
import { gcBehaviour } from './gc-behaviour.ts';
import { largePrompt } from './large-prompt.ts';
import { largeResponse } from './large-response.ts';
import { optimalBatching } from './optimal-batching.ts';
import { pressureRecovery } from './pressure-recovery.ts';
import { providerSdk } from './provider-sdk.ts';
import { realTimeDetection } from './real-time-detection.ts';
import { requestKinds } from './request-kinds.ts';
import { sdkClients } from './sdk-clients.ts';
import { streamingConnections } from './streaming-connections.ts';

export const scenarios: readonly Scenario[] = [
  streamingConnections,
  billingQueue,
  faultArms,
  automatedProfiling,
  gcBehaviour,
  fragmentation,
  realTimeDetection,
  requestKinds,
  largePrompt,
  largeResponse,
  embedBatch,
  pressureRecovery,
  optimalBatching,
  endurance,
  sdkClients,
  providerSdk,
  asyncLifecycle,
];

/** What `leakbed run` runs when no scenario is named. */
export const smokeSuite: readonly Scenario[] = [streamingConnections, billingQueue];

/** One scenario, or by "all" those of the test plan. Throws with the known names. */
export function findScenarios(id: string): readonly Scenario[] {
  return id === 'all' ? scenarios.filter(({ covers }) => covers.length > 0) : [findScenario(id)];
}

/** Throws with the known names for one that is unknown. */
export function findScenario(id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found !== undefined) return found;
  const known = scenarios.map((scenario) => scenario.id).join(', ');
  throw new RangeError(`Cannot run scenario "${id}": there is none. Known: ${known}, all.`);
}
