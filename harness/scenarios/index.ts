// The explicit list of scenarios, and the suites made of them.

import type { Scenario } from '../scenario.ts';
import { billingQueue } from './billing-queue.ts';
import { faultArms } from './fault-arms.ts';
import { fragmentation } from './fragmentation.ts';
import { gcBehaviour } from './gc-behaviour.ts';
import { requestKinds } from './request-kinds.ts';
import { streamingConnections } from './streaming-connections.ts';

export const scenarios: readonly Scenario[] = [
  streamingConnections,
  billingQueue,
  faultArms,
  gcBehaviour,
  fragmentation,
  requestKinds,
];

/** What `leakbed run` runs when no scenario is named. */
export const smokeSuite: readonly Scenario[] = [streamingConnections, billingQueue];

/** Throws with the known names for one that is unknown. */
export function findScenario(id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found !== undefined) return found;
  const known = scenarios.map((scenario) => scenario.id).join(', ');
  throw new RangeError(`Cannot run scenario "${id}": there is none. Known: ${known}.`);
}
