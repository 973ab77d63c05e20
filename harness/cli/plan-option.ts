// The value of --plan: a file, or the JSON itself, as programs give it that write no files.

import { readFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.ts';

/** Whether the plan can work is for who puts it in force. */
export async function readPlan(value: string): Promise<unknown> {
  const isText = value.trimStart().startsWith('{');
  try {
    return JSON.parse(isText ? value : await readFile(value, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read the plan --plan ${value}: ${why}.`, { cause: error });
  }
}
