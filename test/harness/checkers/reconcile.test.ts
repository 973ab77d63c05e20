import { test } from 'tap';
import { integritySentence, reconcile } from '../../../harness/checkers/reconcile.ts';

const row = (id: string, outputTokens = 5) => ({ id, tokens: { inputTokens: 3, outputTokens } });

test('a ledger with a row for each answer is complete', async (t) => {
  const found = reconcile([row('a'), row('b')], [row('b'), row('a')]);
  t.match(found, { lost: [], duplicated: [], wrong: [], unasked: [] });
  t.equal(integritySentence(found), '2 answers, 2 rows in the ledger: each billed once.');
});

test('what is lost, doubled, wrong or nobody asked for is named by its id', async (t) => {
  const answered = [row('lost'), row('twice'), row('wrong'), row('fine')];
  const rows = [row('twice'), row('twice'), row('wrong', 6), row('fine'), row('stray')];
  const found = reconcile(answered, rows);
  t.match(found, { lost: ['lost'], duplicated: ['twice'], wrong: ['wrong'], unasked: ['stray'] });
  t.equal(
    integritySentence(found),
    '4 answers, 5 rows in the ledger; 1 never billed (lost); 1 billed more than once (twice); ' +
      '1 billed with wrong amounts (wrong); 1 billed without an answer (stray).',
  );
});

test('of many lost events a few are shown and all are counted', async (t) => {
  const answered = Array.from({ length: 9 }, (_, index) => row(`r${index}`));
  t.match(integritySentence(reconcile(answered, [])), /9 never billed \(r0, r1, r2, r3, r4, …\)/);
});
