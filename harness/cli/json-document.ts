// The one document that `--json` prints on stdout, also when what was asked for failed: whoever
// reads it need not tell an empty answer from a broken pipe.

import { redactText } from '../redact.ts';
import type { Outcome } from '../verdict.ts';

export function printJson(
  { json }: { readonly json?: boolean },
  document: { readonly outcome: Outcome },
): void {
  if (json === true) process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** Why there is no more in it. It may quote a command line, and CI logs are read by many. */
export function failure(error: unknown): { readonly error: string } {
  return { error: redactText(error instanceof Error ? error.message : String(error)) };
}
