// `leakbed doctor`: what this machine can measure and what it cannot, each tried and not guessed,
// and what would help.

import { Command } from 'commander';
import type { Finding } from './examine-machine.ts';
import { exitCodes } from './exit-codes.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Try what this machine can measure, and say how to mend what it cannot.')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed doctor
  $ leakbed doctor --json

Exit code: 0, or 2 where something that every run needs is missing.`,
    )
    .action(async (flags: { readonly json?: boolean }) => {
      const { examineMachine } = await import('./examine-machine.ts');
      const report = await examineMachine();
      if (flags.json === true) console.log(JSON.stringify(report));
      else {
        console.log(report.findings.flatMap(lines).join('\n'));
        console.log('\nProbes, what each costs the gateway, and whether it can run here:');
        for (const { name, canRun, cost } of report.probes) {
          console.log(`  ${(canRun ? 'yes' : 'no').padEnd(5)}${name.padEnd(14)}${cost}`);
        }
      }
      const isUnfit = report.findings.some(({ isNeeded, remedy }) => isNeeded && remedy !== null);
      process.exitCode = isUnfit ? exitCodes.inconclusive : exitCodes.pass;
    });
}

function lines({ name, found, serves, remedy }: Finding): string[] {
  const state = remedy === null ? 'yes' : 'no';
  const line = `${state.padEnd(5)}${name.padEnd(14)}${found} (${serves})`;
  return remedy === null ? [line] : [line, `${' '.repeat(19)}${remedy}`];
}
