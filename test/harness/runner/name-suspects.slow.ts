// Every leak of the gallery: function and variable named first in at
// least 95 % (21 of 22), each within 20 s.

import { test } from 'tap';
import { diagnoseLeak } from '../../fixtures/diagnosed-leak.ts';
import { plantedLeaks } from '../../gallery/planted.ts';

test('function and variable are named first in 95 % of the planted leaks, within 20 s', async (t) => {
  const wrong: string[] = [];
  const seconds: number[] = [];
  for (const leak of plantedLeaks) {
    const found = await diagnoseLeak(leak);
    seconds.push(found.seconds);
    if (!found.isFunctionRight || !found.isVariableRight) wrong.push(leak.file);
  }
  t.ok(wrong.length <= 0.05 * plantedLeaks.length, `wrong: ${wrong.join(', ')}`);
  t.ok(Math.max(...seconds) <= 20, `slowest ${Math.max(...seconds)} s`);
});
