// Verdicts for machines: verdict.json of one run, and the one document that `--json` prints for all
// scenarios of an invocation. JSON has no infinity; an open interval ends in null.

import { redact } from '../redact.ts';
import { type Verdict, worst } from '../verdict.ts';
import type { Reporter } from './reporter.ts';

export function verdictJson(verdict: Verdict): string {
  return `${JSON.stringify(redact(verdict), null, 2)}\n`;
}

export const suiteJson: Reporter = (runs) => {
  const suite = {
    schema: 1,
    outcome: worst(runs.map(({ verdict }) => verdict.outcome)),
    runs: runs.map(({ verdict, record }) => ({
      id: record.header.id,
      interrupted: record.interrupted,
      verdict,
    })),
  };
  return `${JSON.stringify(redact(suite), null, 2)}\n`;
};
