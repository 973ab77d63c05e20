// What the lists of the command line show: faults, scenarios and leaks, each as a line and, when it
// is named, its details. Apart from lists.ts, because it loads all that it tells of.

import { injectors } from '../../injectors/index.ts';
import { leaks, pythonLeaks } from '../../injectors/leaks/index.ts';
import type { PlantedLeak } from '../../injectors/leaks/leak.ts';
import type { Scenario } from '../scenario.ts';
import { scenarios } from '../scenarios/index.ts';
import { faultDetails } from './faults.ts';

export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** More lines, shown when the entry is named. */
  readonly details: readonly string[];
}

export const listEntries = {
  faults: () =>
    injectors.map((injector) => {
      const { name, summary } = injector;
      return { name, summary, details: faultDetails(injector) };
    }),
  scenarios: () => scenarios.map(scenarioEntry),
  leaks: () => [
    ...leaks.map((leak) => leakEntry(leak, '')),
    ...pythonLeaks.map((leak) => leakEntry(leak, '--gateway reference-python ')),
  ],
} as const satisfies Record<string, () => Entry[]>;

function scenarioEntry(scenario: Scenario): Entry {
  const { id, title, description, expectation, covers } = scenario;
  const phases = scenario.phases('smoke').map(({ name, title: what }) => `${name}: ${what}`);
  const details = [
    description,
    `Expected: ${expectation}`,
    `Covers: ${covers.join(', ')}`,
    ...phases,
  ];
  return { name: id, summary: title, details };
}

function leakEntry({ name, summary, resource }: PlantedLeak, gateway: string): Entry {
  const details = [`convicted by ${resource}`, `example: leakbed run ${gateway}--leak ${name}`];
  return { name, summary, details };
}
