// `leakbed faults`, `leakbed scenarios`, `leakbed leaks`: what there is, and with a name, its
// options and an example.

import { Command } from 'commander';
import { injectors } from '../../injectors/index.ts';
import type { RegisteredInjector } from '../../injectors/injector.ts';
import { leaks } from '../../injectors/leaks/index.ts';
import { scenarios } from '../scenarios/index.ts';
import { UsageError } from './exit-codes.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** More lines, shown when the entry is named. */
  readonly details: readonly string[];
}

export function listCommands(): Command[] {
  return [
    listCommand('faults', 'List the faults, or show one.', injectors.map(faultEntry)),
    listCommand('scenarios', 'List the scenarios, or show one.', scenarios.map(scenarioEntry)),
    listCommand(
      'leaks',
      'List the leaks that can be planted in the reference gateway.',
      leakEntries(),
    ),
  ];
}

function listCommand(noun: string, description: string, entries: readonly Entry[]): Command {
  return new Command(noun)
    .description(description)
    .argument('[name]', 'show this one with its options')
    .option('--json', 'print one JSON document')
    .action((name: string | undefined, flags: { readonly json?: boolean }) => {
      const found = name === undefined ? entries : entries.filter((entry) => entry.name === name);
      if (found.length === 0) {
        const known = entries.map((entry) => entry.name).join(', ');
        throw new UsageError(`Cannot show "${name}" of ${noun}: there is none. Known: ${known}.`);
      }
      if (flags.json === true) console.log(JSON.stringify(found));
      else console.log(found.map((entry) => show(entry, name !== undefined)).join('\n'));
    });
}

function show({ name, summary, details }: Entry, isWhole: boolean): string {
  const line = `${name.padEnd(24)}${summary}`;
  return isWhole ? [line, ...details.map((detail) => `  ${detail}`)].join('\n') : line;
}

function faultEntry({ name, summary, family, options, example }: RegisteredInjector): Entry {
  const rows = Object.entries(options).map(([option, { accepts, fallback, help }]) => {
    const standard = fallback === undefined ? 'required' : `default ${fallback || '""'}`;
    return `${option.padEnd(10)}${help}: ${accepts} (${standard})`;
  });
  const use = family === 'stream' ? `in a prompt: [[leakbed fault=${example}]]` : example;
  return { name, summary, details: [`family    ${family}`, ...rows, `example   ${use}`] };
}

function scenarioEntry(scenario: (typeof scenarios)[number]): Entry {
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

function leakEntries(): Entry[] {
  return leaks.map(({ name, summary, resource }) => ({
    name,
    summary,
    details: [`convicted by ${resource}`, `example: leakbed run --leak ${name}`],
  }));
}
