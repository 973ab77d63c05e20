// verdict.json: the verdict of one run for machines. Its schema is verdict.schema.json. JSON has no
// infinity; an open interval ends in null.

import { redact } from '../redact.ts';
import type { Verdict } from '../verdict.ts';

export function verdictJson(verdict: Verdict): string {
  return `${JSON.stringify(redact(verdict), null, 2)}\n`;
}
