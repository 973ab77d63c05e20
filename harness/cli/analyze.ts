// `leakbed analyze`: judges a recorded run again; nothing is started.

import { Command } from 'commander';
import { verdictTable } from '../reports/table.ts';
import { exitCodes } from './exit-codes.ts';
import { judgeFolder } from './judge-folder.ts';
import { saveReports } from './save-reports.ts';

export function analyzeCommand(): Command {
  return new Command('analyze')
    .description('Judge a recorded run again and rewrite its verdict and reports.')
    .argument('<run>', 'folder of the run')
    .option('--json', 'print the verdict as one JSON document on stdout')
    .action(async (dir: string, flags: { readonly json?: boolean }) => {
      const result = await judgeFolder(dir);
      await saveReports(result);
      process.stderr.write(verdictTable([result], { width: process.stderr.columns ?? 100 }));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(result.verdict)}\n`);
      process.exitCode = exitCodes[result.verdict.outcome];
    });
}
