// Whoever plants another leak in a reference gateway says here what a diagnosis is to find.

import { test } from 'tap';
import { leaks, pythonLeaks } from '../../injectors/leaks/index.ts';
import { plantedInGateways } from './planted-in-gateways.ts';

const gateways = { reference: leaks, 'reference-python': pythonLeaks } as const;

for (const [gateway, planted] of Object.entries(gateways)) {
  test(`every leak of ${gateway} has its suspects, and no innocent has any`, async (t) => {
    const expected = plantedInGateways.filter((one) => one.gateway === gateway);
    t.strictSame(
      expected.map(({ leak }) => leak).toSorted(),
      planted.flatMap(({ kind, name }) => (kind === 'leak' ? [name] : [])).toSorted(),
    );
  });
}
