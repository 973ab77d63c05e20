// `leakbed compare`: does a run retain more than a baseline? The gate of a CI stage.

import { Command, InvalidArgumentError } from 'commander';
import { exitCodes } from './exit-codes.ts';

interface CompareFlags {
  readonly margin?: number;
  readonly json?: boolean;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('Say whether a run retains more per request than a base, and fail if it does.')
    .argument('<base>', "a run's folder, or a verdict.json that was kept")
    .argument('<run>', 'the same; of a folder of runs, the newest of the scenario of the base')
    .option('--margin <bytes>', 'a difference below this does not matter (default: 512)', bytes)
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', help)
    .action(async (base: string, run: string, flags: CompareFlags) => {
      const [{ compareRuns }, { compareTable }] = await Promise.all([
        import('./compare-runs.ts'),
        import('../reports/compare-table.ts'),
      ]);
      const comparison = await compareRuns(base, run, flags.margin);
      process.stderr.write(compareTable(comparison));
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify({ schema: 1, ...comparison })}\n`);
      }
      process.exitCode = exitCodes[comparison.outcome];
    });
}

const help = `
The difference of the two slopes is given with its 99 % interval. It is a regression when the whole
interval lies above the margin, and none when it lies below; else the runs were too short to tell.
Sockets, descriptors, timers and tasks have a margin of 0.02 per request.

A baseline is a verdict.json; it is small enough to be committed:
  $ leakbed run streaming-connections --scale ci --out base
  $ cp base/*/verdict.json leakbed-baseline.json

Examples:
  $ leakbed compare leakbed-baseline.json runs
  $ leakbed compare runs/2026-01-02T030405-endurance runs/2026-01-03T030405-endurance --json

Exit code: 0 no regression, 1 regression, 2 cannot be told.`;

function bytes(raw: string): number {
  const value = Number(raw);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number of bytes above 0.');
}
