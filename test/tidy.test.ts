// The project itself, held to the rules of tidy.ts.

import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { medianLines } from './tidy/sizes.ts';
import { readTree } from './tidy/tree.ts';
import { rules } from './tidy.ts';

const tree = readTree(fileURLToPath(new URL('..', import.meta.url)));

for (const [claim, rule] of Object.entries(rules)) {
  test(claim, async (t) => {
    t.strictSame(rule(tree), []);
  });
}

test('the tree that is checked is the whole project', async (t) => {
  for (const folder of ['injectors', 'mocks', 'harness', 'test']) {
    t.ok(
      tree.sources.some(({ path }) => path.startsWith(`${folder}/`)),
      folder,
    );
  }
  t.comment(`median of the sources: ${medianLines(tree.sources)} lines`);
});
