// The question of `leakbed repro` asked by a program: the assertion, and what is said where nothing
// can be measured. What is clean passes in test/examples/no-leak.slow.ts.

import { AssertionError } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { test } from 'tap';
import { assertNoLeak, type LeakError, measureLeak } from '../../../harness/api/index.ts';
import { descendants } from '../../../harness/subjects/process-info.ts';
import { survivors } from '../../fixtures/command-line.ts';
import { until } from '../../fixtures/reference-gateway.ts';

const unit = (name: string) => new URL(`../../fixtures/units.mjs#${name}`, import.meta.url);

test('a leaking unit fails with its bytes and the command that repeats it', async (t) => {
  const out = t.testdir({});
  const options = { seed: 1, suspects: false, out, maxSeconds: 20 };
  const failed = await assertNoLeak(unit('leaking'), options).then(
    () => undefined,
    (error: LeakError) => error,
  );
  t.ok(failed instanceof AssertionError);
  t.match(failed, { actual: 'leak', expected: 'clean', operator: 'assertNoLeak' });
  t.match(
    failed?.message,
    /^Leak: live heap after GC grows by .+\nRepeat: npx leakbed repro .+$/ms,
  );
  t.match(failed?.verdict.repeat, /^npx leakbed repro '.+units\.mjs#leaking' .*--seed 1$/);
  const { low = 0, high = 0 } = failed?.verdict.retainedBytesPerRequest ?? {};
  t.ok(low > 400 && high < 2000, `100 numbers and their array: [${low}, ${high}]`);
  t.equal((await readdir(out)).length, 1, 'the record is kept where that was asked for');
});

for (const [what, name, message] of [
  ['an export that is no function', 'none', /must export a function as none/],
  ['a first call that throws', 'throwing', /its first call threw Error: the unit is broken/],
] as const) {
  test(`${what} is told, and no leak is spoken of`, async (t) => {
    await t.rejects(measureLeak(unit(name)), { message });
  });
}

test('a file that is not there is told', async (t) => {
  await t.rejects(measureLeak('./nosuch.mjs'), { message: /"\.\/nosuch\.mjs": there is no such/ });
});

test('a plan with a slip is told', async (t) => {
  const plan = { faults: [{ fault: 'trncate' }] };
  await t.rejects(measureLeak(unit('clean'), { plan }), { message: /Did you mean "truncate"/ });
});

test('a signal ends the measurement with its reason, and nothing runs on', async (t) => {
  const stop = new AbortController();
  const measured = measureLeak(unit('clean'), { signal: stop.signal });
  const isStarted = await until(() => descendants(process.pid).length > 1);
  t.ok(isStarted, 'the command and the unit below it');
  stop.abort(new Error('enough'));
  await t.rejects(measured, { message: 'enough' });
  t.strictSame(await survivors(descendants(process.pid), 5_000), []);
});
