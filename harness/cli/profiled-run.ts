// What a gateway's profile changes in a run: which arms can be asked at all, and where its billing
// goes where no flag says so.

import { knowsQuestion } from '../load/profiled-request.ts';
import type { Arm } from '../load/workload.ts';
import type { LedgerPlace, Profile } from '../profiles/profile.ts';
import type { Phase, Scenario } from '../scenario.ts';
import { type GatewayChoice, profileOf } from '../subjects/gateway.ts';
import { type SinkChoice, sinkAddress } from '../subjects/sink.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import type { RunFlags } from './run-flags.ts';

/** The scenarios without the arms that the profile has no question for. */
export function askable(scenarios: readonly Scenario[], gateway: GatewayChoice): Scenario[] {
  const profile = profileOf(gateway);
  if (profile === undefined) return [...scenarios];
  return scenarios.map((scenario) => ({
    ...scenario,
    phases: (scale) => scenario.phases(scale).map((phase) => askablePhase(phase, profile)),
  }));
}

function askablePhase(phase: Phase, profile: Profile): Phase {
  if (!('arms' in phase)) return phase;
  const canAsk = ({ asks }: Arm) => asks === undefined || knowsQuestion(profile, asks);
  const arms = phase.arms.filter(canAsk);
  if (arms.length > 0) return { ...phase, arms };
  const told = ({ asks }: Arm) =>
    typeof asks === 'object' ? `${asks.provider} ${asks.kind}` : 'models';
  const wanted = new Set(phase.arms.map(told));
  throw new UsageError(
    `Cannot run phase "${phase.name}" on ${profile.name}: its profile says nothing of ` +
      `${[...wanted].join(' or ')}. Add it under "requests".`,
  );
}

/** What the flag says, else the profile; the reference gateways' own is known without either. */
export function chosenLedger(
  { ledger: url }: RunFlags,
  gateway: GatewayChoice,
): { readonly ledger?: LedgerPlace } {
  const ledger = profileOf(gateway)?.billing?.ledger;
  if (url !== undefined) return { ledger: { ...ledger, url } };
  return ledger === undefined ? {} : { ledger };
}

/** What the flags say, else the profile. */
export function chosenSink({ sink, sinkContainer }: RunFlags, gateway: GatewayChoice): SinkChoice {
  const billing = profileOf(gateway)?.billing;
  const container = sinkContainer ?? billing?.container;
  const wire = sink ?? billing?.sink;
  if (wire !== undefined) asUsage(() => sinkAddress(wire.url));
  return { ...wire, ...(container !== undefined && { container }) };
}
