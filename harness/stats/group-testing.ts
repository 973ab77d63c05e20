// Group testing: which few of many items are guilty, when a pool of items can be tested at once?
// Adaptive binary splitting: a guilty pool is halved, and of a guilty pool whose one half is
// innocent the other half is known to be guilty without a test.
// Sources: Dorfman, Ann. Math. Stat. 14 (1943), 436; Hwang, JASA 67 (1972), 605; Du and Hwang,
// "Combinatorial Group Testing and Its Applications", 2nd ed. (2000), section 2.1.
//
// Answers of measurements may be wrong, so a single item is never convicted by inference alone: it
// is tested by itself, and a guilty pool whose items are innocent by themselves is asked once more.
// d guilty of n cost at most about d (1 + 2 log2(n)) tests.

export interface GroupSearch<T> {
  /** The pool to be tested next; null when the search is over. */
  readonly next: readonly T[] | null;
  /** Convicted so far, each by a test of its own. */
  readonly guilty: readonly T[];
  /** Pools that were guilty as a whole, twice, while none of their items was by itself. */
  readonly unresolved: readonly (readonly T[])[];
}

/** Where the search stands after `answers` to the pools it has asked about, in their order. */
export function groupSearch<T>(items: readonly T[], answers: readonly boolean[]): GroupSearch<T> {
  const found = { guilty: [] as T[], unresolved: [] as (readonly T[])[] };
  const steps = search(items, false, found);
  let step = steps.next();
  for (const answer of answers) if (!step.done) step = steps.next(answer);
  return { next: step.done ? null : step.value, ...found };
}

/** The same where most items are expected guilty: each is tested by itself, in their order. */
export function eachAlone<T>(items: readonly T[], answers: readonly boolean[]): GroupSearch<T> {
  const next = items.slice(answers.length, answers.length + 1);
  const guilty = items.filter((_, index) => answers[index] === true);
  return { next: next.length === 0 ? null : next, guilty, unresolved: [] };
}

/** Asks about pools; returns whether this one was seen to hold a guilty item. */
function* search<T>(
  pool: readonly T[],
  isKnownGuilty: boolean,
  found: { readonly guilty: T[]; readonly unresolved: (readonly T[])[] },
): Generator<readonly T[], boolean, boolean> {
  if (pool.length === 0) return false;
  const isSingle = pool.length === 1;
  if (!isKnownGuilty || isSingle) {
    if (!(yield pool)) return false;
  }
  if (isSingle) {
    found.guilty.push(...pool);
    return true;
  }
  const half = Math.ceil(pool.length / 2);
  const inFirst = yield* search(pool.slice(0, half), false, found);
  const inSecond = yield* search(pool.slice(half), !inFirst, found);
  if (inFirst || inSecond) return true;
  if (isKnownGuilty || !(yield pool)) return false;
  found.unresolved.push(pool);
  return true;
}
