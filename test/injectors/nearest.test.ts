// Suggestions for words that are nearly right.

import { test } from 'tap';
import { insteadOf, nearest } from '../../injectors/nearest.ts';

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
});

test('a few known words are listed, many only when none of them is near', async (t) => {
  const few = ['reset', 'stall'];
  t.equal(insteadOf('rest', few), 'Did you mean "reset"? Known: reset, stall.');
  t.equal(insteadOf('explode', few), 'Known: reset, stall.');
  const many = [...few, ...Array.from({ length: 11 }, (_, index) => `other${index}`)];
  t.equal(insteadOf('rest', many), 'Did you mean "reset"?');
  t.equal(insteadOf('explode', many), `Known: ${many.join(', ')}.`);
  t.equal(insteadOf('explode', []), 'Known: none.');
});
