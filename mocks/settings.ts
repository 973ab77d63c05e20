// What one answer will be and how it is hurt, from every place that can say so. The nearest to the
// request wins: prompt directive, model suffix, header, the plan, then the defaults. Words merge
// one by one; the faults come from the nearest place that names any.

import type { Rng } from '../injectors/determinism.ts';
import type { PlannedFault } from '../injectors/plan.ts';
import { bindFaults } from '../injectors/registry.ts';
import type { PlanInForce } from './plan-in-force.ts';
import type { Call } from './provider.ts';
import { findDirective, parseDirective, scriptSettings } from './script/directive.ts';
import type { ScriptSettings } from './script/words.ts';
import { unfitFaults } from './unfit-faults.ts';

export interface Settings {
  readonly script: ScriptSettings;
  /** True when somebody asked for a size, which then overrides the request's max tokens. */
  readonly isSizeChosen: boolean;
  readonly faults: readonly PlannedFault[];
  readonly problems: readonly string[];
}

const sizeWords = ['chunks', 'bytes', 'total'];

export function settingsFor(
  call: Call,
  provider: string,
  header: string | undefined,
  plan: PlanInForce,
  rng: Rng,
): Settings {
  const fromPrompt = findDirective(call.prompt);
  const fromModel = call.modelWords === undefined ? undefined : parseDirective(call.modelWords);
  const fromHeader = header === undefined ? undefined : parseDirective(header);
  const nearest = [fromPrompt, fromModel, fromHeader];
  const words = { ...fromHeader?.words, ...fromModel?.words, ...fromPrompt?.words };
  const { settings: script, problems } = scriptSettings(words);
  const named = nearest.find((directive) => directive?.faults.length);
  const bound = bindFaults(named?.faults ?? []);
  const allProblems = [
    ...nearest.flatMap((directive) => directive?.problems ?? []),
    ...problems,
    ...bound.problems,
    ...unfitFaults(bound.planned),
  ];
  // The plan counts what it is asked, so a request that is refused does not ask.
  const isPlanned = named === undefined && allProblems.length === 0;
  return {
    script,
    isSizeChosen: sizeWords.some((word) => Object.hasOwn(words, word)),
    faults: isPlanned ? plan.faultsFor(call, provider, rng) : bound.planned,
    problems: allProblems,
  };
}
