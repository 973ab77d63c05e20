// The budget that a run is to keep, by scenario; every mistake in its file is told before anything
// is started.

import { readFileSync } from 'node:fs';
import { type Limits, limitsFor, readBudget } from '../budget.ts';
import { fileErrorReason } from '../file-error.ts';
import { findScenario } from '../scenarios/index.ts';
import { asUsage, UsageError } from './exit-codes.ts';

type OfScenario = (scenario: string) => { readonly limits?: Limits };

export function chosenLimits({ budget: file }: { readonly budget?: string }): OfScenario {
  if (file === undefined) return () => ({});
  const source = asUsage(() => read(file));
  const budget = asUsage(() => readBudget(source, file));
  // A limit under a misspelt name would hold nobody to anything.
  for (const id of Object.keys(budget.scenarios)) asUsage(() => requireScenario(id, file));
  return (scenario) => ({ limits: limitsFor(budget, scenario) });
}

function requireScenario(id: string, file: string): void {
  try {
    findScenario(id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot use budget ${file}: scenarios.${id}: ${why}`, { cause: error });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = fileErrorReason(error);
    throw new UsageError(`Cannot read --budget ${file}: ${why}.`, { cause: error });
  }
}
