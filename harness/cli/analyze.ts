// `leakbed analyze`: judges a recorded run again; nothing is started.

import { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';

export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('Judge a recorded run again and rewrite its verdict and reports.')
    .argument('<run>', 'folder of the run')
    .option('--json', 'print the verdict as one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed analyze runs/2026-01-02T030405-streaming-connections
  $ leakbed analyze runs/2026-01-02T030405-streaming-connections --json

A run that was cut short is inconclusive, unless what it has suffices to fail it.`,
    )
    .action(async (dir: string, flags: { readonly json?: boolean }) => {
      const [{ verdictTable }, { judgeFolder }, { saveReports }] = await Promise.all([
        import('../reports/table.ts'),
        import('./judge-folder.ts'),
        import('./save-reports.ts'),
      ]);
      const result = await judgeFolder(dir);
      await saveReports(result);
      process.stderr.write(verdictTable([result], { width: process.stderr.columns ?? 100 }));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(result.verdict)}\n`);
      process.exitCode = exitCodes[result.verdict.outcome];
    });
}
