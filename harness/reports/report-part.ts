// One scenario as the HTML report needs it: verdict and record without secrets, and its plots.

import type { RunRecord } from '../record.ts';
import { redact } from '../redact.ts';
import type { Verdict } from '../verdict.ts';
import type { Figure } from './figure.ts';
import type { JudgedRun } from './reporter.ts';
import { timeFigures } from './time-figures.ts';
import { workFigures } from './work-figures.ts';

export interface Part {
  /** Prefix of every id in this scenario's section. */
  readonly anchor: string;
  readonly verdict: Verdict;
  readonly record: RunRecord;
  readonly time: readonly Figure[];
  readonly work: readonly Figure[];
}

export function partOf({ verdict, record }: JudgedRun, index: number): Part {
  const anchor = `s${index + 1}`;
  const safe = { ...record, header: redact(record.header), facts: redact(record.facts) };
  return {
    anchor,
    verdict: redact(verdict),
    record: safe,
    time: timeFigures(safe, anchor),
    work: workFigures(safe, verdict, anchor),
  };
}
