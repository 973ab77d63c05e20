// Judges requests that must be refused: each is to be answered with one of the statuses that say
// so. A gateway that ends the connection, answers 500 or pretends success has not handled it.

import type { Checker } from './checker.ts';

export interface RefusedCheckOptions {
  /** The part of the arm's name after the provider's. */
  readonly arm: string;
  readonly statuses: readonly number[];
}

export function refusedChecker({ arm, statuses }: RefusedCheckOptions): Checker {
  return {
    name: 'refused',
    needs: [],
    check({ requests }) {
      const rows = requests.filter((row) => row.arm.endsWith(`/${arm}`));
      const wrong = rows.filter(({ status }) => status === null || !statuses.includes(status));
      const evidence = [
        { label: `requests ${arm}`, value: rows.length },
        { label: 'not refused as they should be', value: wrong.length },
      ];
      if (rows.length === 0) {
        const reason = `No request ${arm} was sent.`;
        return { outcome: 'inconclusive', reason, evidence, warnings: [] };
      }
      const [first] = wrong;
      const words = statuses.join(' or ');
      const reason =
        first === undefined
          ? `All ${rows.length} requests ${arm} were refused with ${words}.`
          : `${wrong.length} of ${rows.length} requests ${arm} were not refused with ${words}, the ` +
            `first with ${first.status ?? 'no answer'} (${first.error ?? 'no error'}).`;
      return { outcome: first === undefined ? 'pass' : 'fail', reason, evidence, warnings: [] };
    },
  };
}
