// What the lists of the command line show: faults, scenarios and leaks, each as a line and, when it
// is named, its details. Apart from lists.ts, because it loads all that it tells of.

import { injectors } from '../../injectors/index.ts';
import { leaks, pythonLeaks } from '../../injectors/leaks/index.ts';
import type { PlantedLeak } from '../../injectors/leaks/leak.ts';
import { museum } from '../museum/index.ts';
import type { Repro } from '../repro/repro.ts';
import type { Scenario } from '../scenario.ts';
import { scenarios } from '../scenarios/index.ts';
import { faultDetails } from './faults.ts';

export interface Entry {
  readonly name: string;
  /** Heads the entries that share it, where a list has more than one kind. */
  readonly group?: string;
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
    ...museum.map(publishedEntry),
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

function leakEntry({ kind, name, summary, resource }: PlantedLeak, gateway: string): Entry {
  const isLeak = kind === 'leak';
  const group = isLeak
    ? 'Planted in a reference gateway'
    : 'Innocents to plant, which look like leaks';
  const details = [
    `${isLeak ? 'convicted by' : 'moves'} ${resource}`,
    `example: leakbed run ${gateway}--leak ${name}`,
  ];
  return { name, group, summary, details };
}

function publishedEntry(repro: Repro): Entry {
  const { slug, title, packages, fixed, node, trigger, published, reference, faults } = repro;
  const release = repro.releaseSeconds;
  const details = [
    `leaks with ${packages.join(', ')}${node === undefined ? '' : ` on Node ${node}`}`,
    fixed === undefined
      ? 'unfixed: that is the newest version tested'
      : `gone with ${fixed.join(', ')}`,
    `trigger: ${trigger}`,
    ...(faults === undefined ? [] : [`faults: ${faults.join(', ')}`]),
    ...(release === undefined ? [] : [`given back by itself after ${release} s`]),
    `published: ${published} (${reference})`,
    `example: leakbed repro ${slug}`,
  ];
  return { name: slug, group: 'Published leaks of SDKs', summary: title, details };
}
