// The verdict as an assertion that every test runner understands: it throws Node's AssertionError
// with what was found, where, and the command that measures it again.

import { AssertionError } from 'node:assert';
import type { Verdict } from '../verdict.ts';
import { type MeasureOptions, measureLeak } from './measure-leak.ts';

export interface LeakError extends AssertionError {
  readonly verdict: Verdict;
}

/**
 * Fails when a call keeps something, when calls fail, and when neither could be told. Takes some
 * fifteen seconds for a clean unit: raise the test's time limit.
 *
 *   await assertNoLeak(new URL('./ask.mjs', import.meta.url), { faults: ['truncate;at=50%'] });
 */
export async function assertNoLeak(
  unit: string | URL,
  options: MeasureOptions = {},
): Promise<Verdict> {
  const { told, ...verdict } = await measureLeak(unit, options);
  if (verdict.outcome === 'pass') return verdict;
  const error = new AssertionError({
    message: [...told, `Repeat: ${verdict.repeat}`].join('\n'),
    actual: verdict.finding,
    expected: 'clean',
    operator: 'assertNoLeak',
  });
  throw Object.assign(error, { verdict });
}
