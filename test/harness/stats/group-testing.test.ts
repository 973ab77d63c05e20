// Binary splitting against every possible set of guilty items.

import { test } from 'tap';
import { groupSearch } from '../../../harness/stats/group-testing.ts';

const items = Array.from({ length: 12 }, (_, i) => i);

/** Lets the search ask until it is done; `answer` says whether a pool is guilty. */
function run(pool: readonly number[], answer: (pool: readonly number[], test: number) => boolean) {
  const answers: boolean[] = [];
  for (;;) {
    const { next, guilty, unresolved } = groupSearch(pool, answers);
    if (next === null) return { guilty, unresolved, tests: answers.length };
    answers.push(answer(next, answers.length));
    if (answers.length > 100) throw new Error('The search does not end.');
  }
}

test('every set of guilty items among twelve is found exactly, by right answers', (t) => {
  for (let set = 0; set < 2 ** items.length; set++) {
    const isGuilty = (item: number) => (set & (2 ** item)) !== 0;
    const { guilty, unresolved } = run(items, (pool) => pool.some(isGuilty));
    if (guilty.join() !== items.filter(isGuilty).join()) t.fail(`set ${set}: ${guilty}`);
    if (unresolved.length > 0) t.fail(`set ${set}: unresolved`);
  }
  t.pass('all 4,096 sets');
  t.end();
});

test('innocent items cost one test, two guilty among twelve at most fifteen', (t) => {
  t.equal(run(items, () => false).tests, 1);
  const counts = items.flatMap((first) =>
    items.slice(first + 1).map((second) => {
      return run(items, (pool) => pool.includes(first) || pool.includes(second)).tests;
    }),
  );
  t.ok(Math.max(...counts) <= 15, `${Math.max(...counts)} tests at worst`);
  t.end();
});

test('a pool that answers guilty by mistake convicts nobody and is asked once more', (t) => {
  const { guilty, unresolved, tests } = run(items, (_, number) => number === 0);
  t.same({ guilty, unresolved, tests }, { guilty: [], unresolved: [], tests: 6 });
  t.end();
});

test('a pool that is guilty twice while its items are innocent stays unresolved', (t) => {
  const { guilty, unresolved } = run(items, (pool) => pool.length === items.length);
  t.same(guilty, []);
  t.same(unresolved, [items]);
  t.end();
});

test('no item is convicted without a test of its own', (t) => {
  const asked: string[] = [];
  const { guilty } = run([1, 2, 3, 4], (pool) => {
    asked.push(pool.join());
    return pool.includes(4);
  });
  t.same(guilty, [4]);
  t.ok(asked.includes('4'));
  t.end();
});

test('nothing to search is a search that is over', (t) => {
  t.same(groupSearch([], []), { next: null, guilty: [], unresolved: [] });
  t.end();
});
