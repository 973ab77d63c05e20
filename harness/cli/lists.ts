// `leakbed faults`, `leakbed scenarios`, `leakbed leaks`: what there is, and with a name, its
// options and an example. `leakbed scenarios NAME --artillery` writes a scenario's load down.

import { Command, Option } from 'commander';
import { insteadOf } from '../../injectors/nearest.ts';
import { type Scale, scales } from '../scenario.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import type { Entry } from './list-entries.ts';
import { seedOption } from './option-values.ts';

export function listCommands(): Command[] {
  return [
    listCommand('faults', 'List the faults, or show one.', 'truncate'),
    scenariosCommand(),
    listCommand(
      'leaks',
      'List the leaks: those to plant in a reference gateway, and published ones.',
      'unread-stream',
    ),
  ];
}

interface ListFlags {
  readonly json?: boolean;
}

interface ScriptFlags extends ListFlags {
  readonly artillery?: boolean;
  readonly phase?: string;
  readonly scale: Scale;
  readonly seed: number;
}

function scenariosCommand(): Command {
  return listCommand('scenarios', 'List the scenarios, or show one.', 'streaming-connections')
    .option('--artillery', "print the named scenario's load as a script for Artillery")
    .option('--phase <name>', 'the phase of that script; the one that is judged unless given')
    .addOption(
      new Option('--scale <scale>', 'how long it is').choices([...scales]).default('smoke'),
    )
    .option('--seed <number>', 'what the script draws its requests from', seedOption, 1)
    .addHelpText('after', '  $ leakbed scenarios endurance --artillery > endurance.yaml')
    .action(async (name: string | undefined, flags: ScriptFlags) => {
      if (flags.artillery !== true) return await show('scenarios', name, flags);
      const { artilleryScript } = await import('../artillery/script.ts');
      const { findScenario } = await import('../scenarios/index.ts');
      console.log(asUsage(() => artilleryScript(findScenario(name ?? ''), flags)).trimEnd());
    });
}

type Noun = 'faults' | 'scenarios' | 'leaks';

function listCommand(noun: Noun, description: string, example: string): Command {
  return new Command(noun)
    .description(description)
    .argument('[name]', 'show this one with its options')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed ${noun}
  $ leakbed ${noun} ${example}
  $ leakbed ${noun} --json`,
    )
    .action((name: string | undefined, flags: ListFlags) => show(noun, name, flags));
}

async function show(noun: Noun, name: string | undefined, { json }: ListFlags): Promise<void> {
  const entries = (await import('./list-entries.ts')).listEntries[noun]();
  const found = name === undefined ? entries : entries.filter((entry) => entry.name === name);
  if (found.length === 0) {
    const names = entries.map((entry) => entry.name);
    throw new UsageError(
      `Cannot show "${name}" of ${noun}: there is none. ${insteadOf(name ?? '', names)}`,
    );
  }
  if (json === true) console.log(JSON.stringify(found));
  else console.log((name === undefined ? listed(found) : found.map(whole)).join('\n'));
}

/** A line for each entry, under the heading of its group where there are groups. */
function listed(entries: readonly Entry[]): readonly string[] {
  const groups = [...Map.groupBy(entries, ({ group }) => group)];
  return groups.flatMap(([group, members], index) => [
    ...(group === undefined ? [] : [...(index === 0 ? [] : ['']), `${group}:`]),
    ...members.map(line),
  ]);
}

function line({ name, summary }: Entry): string {
  return `${name.padEnd(nameWidth - 1)} ${summary}`;
}

function whole(entry: Entry): string {
  return [line(entry), ...entry.details.map((detail) => `  ${detail}`)].join('\n');
}

const nameWidth = 27;
