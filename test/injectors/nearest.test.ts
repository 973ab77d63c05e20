// Suggestions for words that are nearly right.

import { test } from 'tap';
import { didYouMean, nearest } from '../../injectors/nearest.ts';

const known = ['truncate', 'reset', 'stall', 'at', 'end'];

test('a slip of the finger finds the word that was meant', async (t) => {
  for (const [given, meant] of [
    ['truncat', 'truncate'],
    ['trucnate', 'truncate'],
    ['Truncate', 'truncate'],
    ['rest', 'reset'],
    ['ta', 'at'],
    ['stal', 'stall'],
  ] as const) {
    t.equal(nearest(given, known), meant, given);
  }
});

test('a word that is like none of them suggests nothing', async (t) => {
  for (const given of ['', 'explode', 'xyz', 'r'.repeat(65)])
    t.equal(nearest(given, known), undefined);
  t.equal(didYouMean('explode', known), '');
  t.equal(didYouMean('rest', known), ' Did you mean "reset"?');
});
