// What can be completed: commands, their options, and the names that their arguments and options
// take: scenarios, faults, leaks, profiles.

import type { Command, Option } from 'commander';
import { shippedProfiles } from '../profiles/open-profile.ts';
import { listEntries } from './list-entries.ts';

export interface OptionWords {
  readonly flag: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** Empty: any file. */
  readonly values: readonly string[];
}

export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its arguments can be; empty: any file. */
  readonly values: readonly string[];
}

export function completedWords(program: Command): readonly CommandWords[] {
  const names = (noun: keyof typeof listEntries) => listEntries[noun]().map(({ name }) => name);
  const [faults, scenarios, leaks] = [names('faults'), names('scenarios'), names('leaks')];
  const ofArguments: Readonly<Record<string, readonly string[]>> = {
    run: scenarios,
    faults,
    scenarios,
    leaks,
    repro: leaks,
    completion: ['bash', 'zsh', 'fish'],
  };
  const ofOptions: Readonly<Record<string, readonly string[]>> = {
    '--fault': faults,
    '--leak': leaks,
    '--profile': shippedProfiles(),
  };
  const optionWords = ({ long, description, required, optional, argChoices }: Option) => ({
    flag: long ?? '',
    about: description,
    takesValue: required || optional,
    values: argChoices ?? ofOptions[long ?? ''] ?? [],
  });
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: command.options.map(optionWords),
    values: ofArguments[command.name()] ?? [],
  }));
}
