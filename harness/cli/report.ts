// `leakbed report`: renders one HTML report for recorded runs, complete or cut short.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from './exit-codes.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('Write the HTML report of recorded runs, also of one that was cut short.')
    .argument('<run...>', 'folders of the runs')
    .option('--out <file>', 'file to write (default: report.html in the first folder)')
    .option('--json', 'print one JSON document on stdout: the file, and the runs in it')
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed report runs/2026-01-02T030405-streaming-connections
  $ leakbed report runs/*-endurance --out endurance.html`,
    )
    .action(async (dirs: string[], flags: { readonly out?: string; readonly json?: boolean }) => {
      const [{ htmlReport }, { judgeFolder }] = await Promise.all([
        import('../reports/html.ts'),
        import('./judge-folder.ts'),
      ]);
      const results = await Promise.all(dirs.map(judgeFolder));
      const file = flags.out ?? join(dirs[0] ?? '.', 'report.html');
      await writeFile(file, htmlReport(results)).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new UsageError(`Cannot write --out ${file}: ${why}.`, { cause: error });
      });
      console.error(`Report: ${file}`);
      if (flags.json !== true) return;
      const runs = results.map(({ dir, verdict }) => ({ dir, outcome: verdict.outcome }));
      process.stdout.write(`${JSON.stringify({ schema: 1, report: file, runs })}\n`);
    });
}
