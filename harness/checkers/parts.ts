// A check that is made of parts: each judges one thing, the gravest decides and says why.

import type { CheckResult } from '../verdict.ts';

export type Part = Pick<CheckResult, 'outcome' | 'reason' | 'evidence'>;

/** Of a pass every part says its sentence, else the first of the gravest. */
export function joined(parts: readonly Part[]): Part {
  const decisive =
    parts.find(({ outcome }) => outcome === 'fail') ??
    parts.find(({ outcome }) => outcome === 'inconclusive');
  return {
    outcome: decisive?.outcome ?? 'pass',
    reason: decisive?.reason ?? parts.map(({ reason }) => reason).join(' '),
    evidence: parts.flatMap(({ evidence }) => evidence),
  };
}
