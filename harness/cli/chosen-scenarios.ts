// Which scenarios a command line means, with the faults of the command line added to them: those
// of providers and around the gateway to its phases, those of clients to its requests.

import { type FaultPlace, placeOf } from '../../injectors/family.ts';
import { type PlannedFault, parseFaultWords, printFault } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import type { Arm } from '../load/workload.ts';
import type { Phase, Scenario } from '../scenario.ts';
import { findScenarios, smokeSuite } from '../scenarios/index.ts';
import { asUsage, UsageError } from './exit-codes.ts';

/** The named scenarios, or the smoke suite, with the faults of the command line added. */
export function chosenScenarios(
  ids: readonly string[],
  words: readonly string[],
  hasSinkProxy = false,
): Scenario[] {
  const chosen =
    ids.length === 0 ? [...smokeSuite] : ids.flatMap((id) => asUsage(() => findScenarios(id)));
  if (words.length === 0) return chosen;
  const faults = words.map(parseFaultWords);
  const { planned, problems } = bindFaults(faults);
  const foreign = planned.filter(
    ({ bound }) => placeOf(bound.family) === 'connection' && !hasSinkProxy,
  );
  const all = [
    ...problems,
    ...foreign.map(
      ({ bound }) =>
        `Cannot use --fault ${bound.name}: it is a ${bound.family} fault, which acts in a proxy. ` +
        'Name the sink of its billing by --sink VARIABLE=URL, or put "leakbed proxy" between the ' +
        'gateway and its provider.',
    ),
  ];
  if (all.length > 0) throw new UsageError(all.join('\n'));
  return chosen.map((scenario) => withFaults(scenario, planned));
}

/**
 * Faults of the command line come on top of the scenario's own, in its stress phases. Those of the
 * providers are in force in the warm-up too: a gateway's way through an error has to be warm before
 * its levels are read, or the code V8 adds for it looks like growth. So are those of clients.
 */
function withFaults(scenario: Scenario, planned: readonly PlannedFault[]): Scenario {
  const add = (phase: Phase): Phase => {
    const isWarming = phase.name === 'warm-up';
    if (!isWarming && !phase.name.startsWith('stress')) return phase;
    const at = (place: FaultPlace) =>
      planned.filter(({ bound }) => placeOf(bound.family) === place);
    const around = [...at('answer'), ...(isWarming ? [] : [...at('gateway'), ...at('connection')])];
    const faults = [...(phase.faults ?? []), ...around.map(({ fault }) => fault)];
    const ofClients = at('load');
    if (!('arms' in phase) || ofClients.length === 0) return { ...phase, faults };
    return { ...phase, faults, arms: phase.arms.map((arm) => withClientFaults(arm, ofClients)) };
  };
  return { ...scenario, phases: (scale) => scenario.phases(scale).map(add) };
}

/** Every client of the arm does this too, after what the arm has it do. */
function withClientFaults(arm: Arm, added: readonly PlannedFault[]): Arm {
  const words = added.map(({ fault }) => printFault(fault));
  const bound = added.map((planned) => planned.bound);
  return {
    ...arm,
    clientFault: [arm.clientFault, ...words].filter((word) => word !== undefined).join(' '),
    make(rng, seq) {
      const request = arm.make(rng, seq);
      return { ...request, faults: [...(request.faults ?? []), ...bound] };
    },
  };
}
