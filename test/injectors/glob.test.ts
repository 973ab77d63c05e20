// Patterns of model ids.

import { test } from 'tap';
import { matchesGlob } from '../../injectors/glob.ts';

const id = 'us.anthropic.claude-3-haiku-v1:0';

test('a star stands for any text, nothing included', async (t) => {
  for (const pattern of ['*', id, 'us.*', '*:0', '*claude*', 'us.*claude*v1:0', `*${id}*`, '**']) {
    t.ok(matchesGlob(id, pattern), pattern);
  }
});

test('all else stands for itself', async (t) => {
  for (const pattern of ['', 'us.', 'claude', '*claude', 'us.*x*', 'us?anthropic*', '*v1:0*v1:0']) {
    t.notOk(matchesGlob(id, pattern), pattern);
  }
  t.notOk(matchesGlob('aba', 'ab*ba'), 'the ends may not overlap');
  t.ok(matchesGlob('', '*'));
});
