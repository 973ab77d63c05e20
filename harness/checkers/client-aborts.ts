// Did the clients that were to leave half-way really leave? A gateway that answers in one piece, or
// not at all, is never left, and a run on it says nothing about streams that are.

import type { RequestRow, RunRecord } from '../record.ts';
import type { Checker, Judgement } from './checker.ts';
import { providerFaults } from './provider-faults.ts';

export interface ClientAbortsOptions {
  readonly phase: string;
  /** True for the arms whose clients leave. */
  readonly isLeaver: (arm: string) => boolean;
  /** Share of these requests that must have been left. */
  readonly minShare: number;
}

export function clientAbortsChecker(options: Partial<ClientAbortsOptions> = {}): Checker {
  const { phase = 'stress', isLeaver = (arm) => arm.endsWith('/aborted') } = options;
  const { minShare = 0.9 } = options;
  return {
    name: 'client-aborts',
    needs: [],
    check: (record) => {
      const meant = record.requests.filter((row) => row.phase === phase && isLeaver(row.arm));
      return judge(record, meant, minShare);
    },
  };
}

/** Arms are judged one by one: a provider whose streams come in one piece must not hide. */
function judge(record: RunRecord, meant: readonly RequestRow[], minShare: number): Judgement {
  const faults = providerFaults(record);
  // A stream that a fault ends early cannot be left any more: the fault was the test there.
  const rows = meant.filter((row) => row.outcome === 'aborted' || !faults.covers(row));
  const left = rows.filter(({ outcome }) => outcome === 'aborted').length;
  const evidence = [
    { label: 'requests to be left by their client', value: rows.length },
    { label: 'left by their client', value: left },
  ];
  if (rows.length === 0) {
    const isByFault = meant.length > 0;
    const reason = isByFault
      ? `No client could leave: ${faults.names.join(', ')} ended the streams first.`
      : 'No stream was to be left by its client, so leaving was not tested.';
    return { outcome: isByFault ? 'pass' : 'inconclusive', reason, evidence, warnings: [] };
  }
  for (const [arm, own] of Map.groupBy(rows, (row) => row.arm)) {
    const count = own.filter(({ outcome }) => outcome === 'aborted').length;
    if (count >= minShare * own.length) continue;
    const reason =
      `Only ${count} of ${own.length} streams of ${arm} could be left half-way: the others had ` +
      'ended by then. Does the gateway pass events on as they come?';
    return { outcome: 'inconclusive', finding: 'undecided', reason, evidence, warnings: [] };
  }
  const reason = `${left} streams were left half-way by their client.`;
  return { outcome: 'pass', reason, evidence, warnings: [] };
}
