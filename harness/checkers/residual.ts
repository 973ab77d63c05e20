// What stays once work of a special kind is over: live memory after it, less that before it, at
// rest and collected. Shared by the checkers of scenarios that go up and come back.

import type { RunRecord } from '../record.ts';
import type { Level } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import type { ResourceFinding } from '../verdict.ts';
import type { Part } from './parts.ts';

export interface Residual extends Part {
  /** None where memory was not read. */
  readonly resources: readonly ResourceFinding[];
}

/** `after`: "After 60 MiB of payload", to begin the sentence. */
export function residualOf(
  { levels, requests }: RunRecord,
  limitBytes: number,
  after: string,
): Residual {
  const of = (wanted: string) => levels.filter(({ phase }) => phase === wanted);
  const [before, left] = [median(of('baseline').map(live)), median(of('settle').map(live))];
  if (before === null || left === null) {
    const reason = `${after}: the memory before or after was not read.`;
    return { outcome: 'inconclusive', reason, evidence: [], resources: [] };
  }
  const residual = left - before;
  const isBack = residual <= limitBytes;
  const place = residual < 0 ? 'below' : 'above';
  const reason =
    `${after}, live memory was ${kib(Math.abs(residual))} ${place} where it began ` +
    `(allowed: ${kib(limitBytes)}).`;
  const [restBefore, restAfter] = [resident(of('baseline')), resident(of('settle'))];
  return {
    outcome: isBack ? 'pass' : 'fail',
    reason,
    evidence: [
      { label: 'live memory after, less before', value: Math.round(residual), unit: 'bytes' },
      { label: 'allowed residual', value: Math.round(limitBytes), unit: 'bytes' },
      ...(restBefore === null || restAfter === null
        ? []
        : [
            {
              label: 'resident memory after, less before',
              value: restAfter - restBefore,
              unit: 'bytes',
            },
          ]),
    ],
    resources: [
      {
        metric: 'heapBytes',
        finding: isBack ? 'clean' : 'leak',
        perRequest: null,
        resolution: requests.length === 0 ? null : limitBytes / requests.length,
        exponent: null,
        reason,
      },
    ],
  };
}

/** The heap, and what the runtime holds outside of it. */
function live({ values }: Level): number {
  return (values.heapBytes ?? 0) + (values.externalBytes ?? 0);
}

function resident(levels: readonly Level[]): number | null {
  return median(
    levels.flatMap(({ values }) => (values.rssBytes === undefined ? [] : [values.rssBytes])),
  );
}

export function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}
