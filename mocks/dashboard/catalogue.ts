// What can be done to the fakes, as data: every fault of a plan with its options, the providers it
// can be matched to, and the switches of the billing stall. The dashboard makes its forms of it.

import {
  refusals,
  stallModes,
  stallPlaces,
  switchNames,
} from '../../injectors/ambient/billing-stall.ts';
import { placeOf } from '../../injectors/family.ts';
import { injectors } from '../../injectors/index.ts';
import type { RegisteredInjector } from '../../injectors/injector.ts';
import { providers } from '../index.ts';

export function catalogue() {
  return {
    faults: injectors.filter(({ family }) => placeOf(family) === 'answer').map(faultEntry),
    providers: providers.map(({ name, operations }) => ({ name, operations })),
    switches: stallPlaces.map((place) => ({
      name: switchNames[place],
      place,
      modes: stallModes.filter((mode) => refusals[place][mode] === undefined),
    })),
  };
}

function faultEntry({ name, family, summary, example, options }: RegisteredInjector) {
  const rows = Object.entries(options).map(([option, { form, accepts, fallback, help }]) => {
    return { name: option, form, accepts, help, fallback: fallback ?? null };
  });
  return { name, family, summary, example, options: rows };
}
