// The cause of a failure survives the failures of cleaning up after it.

import { test } from 'tap';
import { firstError } from '../../../harness/runner/first-error.ts';

async function failIn(...failures: readonly string[]): Promise<unknown> {
  const [cause, ...later] = failures;
  try {
    await using stack = new AsyncDisposableStack();
    for (const text of later) {
      stack.defer(() => {
        throw new Error(text);
      });
    }
    throw new Error(cause);
  } catch (error) {
    return error;
  }
}

test('the first error is found below two that clean-up threw after it', async (t) => {
  t.match(firstError(await failIn('cause', 'outer', 'inner')), { message: 'cause' });
});

test('an error that nothing suppressed is itself', async (t) => {
  t.match(firstError(await failIn('alone')), { message: 'alone' });
  t.equal(firstError('text'), 'text');
});
