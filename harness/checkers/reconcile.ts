// Billing integrity to the event: one id through request, answer and ledger. Says which events were
// lost, which are there twice, whose amounts are wrong, and which nobody asked for. Pure.

export interface Amounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a client was told it used. */
export interface Answered extends Amounts {
  readonly id: string;
}

export interface LedgerRow extends Amounts {
  readonly id: string;
}

export interface Reconciliation {
  readonly answered: number;
  readonly billed: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly wrong: readonly string[];
  /** In the ledger, and no whole answer belongs to it: a client that left is billed all the same. */
  readonly unasked: readonly string[];
}

export function reconcile(
  answered: readonly Answered[],
  rows: readonly LedgerRow[],
): Reconciliation {
  const billed = Map.groupBy(rows, ({ id }) => id);
  const asked = new Set(answered.map(({ id }) => id));
  const isWrong = ({ id, inputTokens, outputTokens }: Answered) =>
    (billed.get(id) ?? []).some(
      (row) => row.inputTokens !== inputTokens || row.outputTokens !== outputTokens,
    );
  const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);
  return {
    answered: answered.length,
    billed: rows.length,
    lost: ids(answered.filter(({ id }) => !billed.has(id))),
    duplicated: [...billed].filter(([, same]) => same.length > 1).map(([id]) => id),
    wrong: ids(answered.filter(isWrong)),
    unasked: [...billed.keys()].filter((id) => !asked.has(id)),
  };
}

const shownIds = 5;

/** One sentence; ids are named, at most a few of each. */
export function integritySentence(found: Reconciliation): string {
  const parts = [
    told('never billed', found.lost),
    told('billed more than once', found.duplicated),
    told('billed with wrong amounts', found.wrong),
    told('billed without an answer', found.unasked),
  ].filter((part) => part !== null);
  const whole = `${found.answered} answers, ${found.billed} rows in the ledger`;
  return parts.length === 0 ? `${whole}: each billed once.` : `${whole}; ${parts.join('; ')}.`;
}

function told(what: string, ids: readonly string[]): string | null {
  if (ids.length === 0) return null;
  const more = ids.length > shownIds ? ', …' : '';
  return `${ids.length} ${what} (${ids.slice(0, shownIds).join(', ')}${more})`;
}
