// Billing integrity of a run: by id where the gateway's ledger was read, by count where only its
// metrics tell what was billed. A part of what billing-queue.ts judges.

import type { LedgerRow, RunRecord } from '../record.ts';
import type { Evidence } from '../verdict.ts';
import type { Part } from './parts.ts';
import { providerFaults } from './provider-faults.ts';
import { integritySentence, reconcile } from './reconcile.ts';

export function integrityOf(record: RunRecord): Part {
  if (record.ledger !== undefined) return byId(record, record.ledger);
  const counted = byCount(record);
  if (record.facts.ledgerRows !== null || counted.outcome === 'fail') return counted;
  const reason = `The ledger could not be read, so no event was looked for. ${counted.reason}`;
  return { ...counted, outcome: 'inconclusive', reason };
}

function byId(record: RunRecord, ledger: readonly LedgerRow[]): Part {
  const faults = providerFaults(record);
  const answered: Parameters<typeof reconcile>[0][number][] = [];
  const mayBeBilled = new Set<string>();
  for (const row of record.requests) {
    if (row.id === undefined) continue;
    const { id, outcome, tokens } = row;
    if (outcome === 'ok') answered.push({ id, ...(tokens !== undefined && { tokens }) });
    // What a client left or a fault spoilt for it may still have been answered, and billed.
    else if (outcome === 'aborted' || faults.covers(row)) mayBeBilled.add(id);
  }
  const { unasked, ...rest } = reconcile(answered, ledger);
  const found = { ...rest, unasked: unasked.filter((id) => !mayBeBilled.has(id)) };
  const counts = {
    lost: found.lost.length,
    duplicated: found.duplicated.length,
    'with wrong amounts': found.wrong.length,
    'without an answer': found.unasked.length,
  };
  const isWhole = Object.values(counts).every((count) => count === 0);
  const spared = unasked.length - found.unasked.length;
  const note = spared === 0 ? '' : ` ${spared} that did not end well were billed as well.`;
  return {
    outcome: isWhole ? 'pass' : 'fail',
    reason: `${integritySentence(found)}${note}`,
    evidence: [
      { label: 'answered requests', value: found.answered, unit: 'requests' },
      { label: 'rows in the ledger', value: found.billed, unit: 'rows' },
      ...Object.entries(counts).map(([what, value]) => ({
        label: `events ${what}`,
        value,
        unit: 'events',
      })),
    ],
  };
}

function byCount(record: RunRecord): Part {
  const answered = record.requests.filter(({ outcome }) => outcome === 'ok').length;
  const { billed } = record.facts;
  const evidence: Evidence[] = [{ label: 'answered requests', value: answered, unit: 'requests' }];
  if (typeof billed !== 'number') {
    const reason = 'What was billed could not be read, so completeness was not judged.';
    return { outcome: 'pass', reason, evidence };
  }
  const rows = [...evidence, { label: 'billed events', value: billed, unit: 'events' }];
  // What a provider's fault spoilt for the client may still have been answered, and billed.
  const faults = providerFaults(record);
  const spoilt = record.requests.filter((row) => row.outcome === 'error' && faults.covers(row));
  if (billed > answered && billed <= answered + spoilt.length) {
    const reason =
      `All ${answered} answered requests were billed, and ${billed - answered} of the ` +
      `${spoilt.length} that failed while ${faults.names.join(', ')} was in force.`;
    return { outcome: 'pass', reason, evidence: rows };
  }
  if (billed === answered) {
    const reason = `All ${answered} answered requests were billed exactly once.`;
    return { outcome: 'pass', reason, evidence: rows };
  }
  const difference = answered - billed;
  const reason =
    difference > 0
      ? `${difference} of ${answered} answered requests were never billed.`
      : `${-difference} events were billed beyond the ${answered} answered requests.`;
  return { outcome: 'fail', reason, evidence: rows };
}
