// The question of `leakbed repro` asked by a program: the verdict, the assertion, and what is said
// where nothing can be measured. Short measurements; the runners' own examples are run in
// test/examples/no-leak.slow.ts.

import { AssertionError } from 'node:assert';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { test } from 'tap';
import { assertNoLeak, type LeakError, measureLeak } from '../../../harness/api/index.ts';

const unit = (name: string) => new URL(`../../fixtures/units.mjs#${name}`, import.meta.url);

test('a clean unit passes', async (t) => {
  const { finding, outcome, repeat } = await assertNoLeak(unit('clean'), { seed: 1 });
  t.match({ finding, outcome }, { finding: /clean|bounded/, outcome: 'pass' });
  t.match(repeat, /^npx leakbed repro '.+units\.mjs#clean' .*--seed 1$/);
});

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

test('a signal ends the measurement with its reason, and leaves no folder', async (t) => {
  const before = t.testdir({});
  const stop = new AbortController();
  const measured = measureLeak(unit('clean'), { signal: stop.signal, env: { TMPDIR: before } });
  stop.abort(new Error('enough'));
  await t.rejects(measured, { message: 'enough' });
  t.ok(existsSync(before));
});
