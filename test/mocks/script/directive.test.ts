// Directives inside prompts: found wherever they stand, and cheap to look for.

import { test } from 'tap';
import { systemClock } from '../../../injectors/determinism.ts';
import { findDirective, parseDirective, scriptSettings } from '../../../mocks/script/directive.ts';

test('a directive is found at the start, in the midst and at the end of a prompt', async (t) => {
  const directive = '[[leakbed chunks=7\n gap=20ms fault=truncate;at=50% fault=noop]]';
  const long = 'x'.repeat(200_000);
  for (const prompt of [
    directive,
    `Hi. ${directive} Bye.`,
    `${directive}${long}`,
    long + directive,
  ]) {
    const found = findDirective(prompt);
    t.same(found?.words, { chunks: '7', gap: '20ms' });
    t.same(
      found?.faults.map(({ fault }) => fault),
      ['truncate', 'noop'],
    );
    t.same(found?.problems, []);
  }
});

test('prompts without a directive have none, brackets or not', async (t) => {
  for (const prompt of ['', 'Hello', 'a[[0]]', '[leakbed chunks=1]', '[[Leakbed x]]']) {
    t.equal(findDirective(prompt), undefined, prompt);
  }
});

test('a directive that is not closed is a problem, not silence', async (t) => {
  for (const prompt of ['[[leakbed chunks=1', '[[leakbed chunks=1]', '[[leakbed a [[leakbed b]]']) {
    t.match(findDirective(prompt)?.problems, [/is not closed/], prompt);
  }
});

test('names of the language are no words', async (t) => {
  const { problems, words } = parseDirective('constructor=1 __proto__=2 toString');
  t.equal(problems.length, 3);
  t.same(Object.keys(words), []);
});

test('an empty directive asks for the defaults', async (t) => {
  t.same(findDirective('[[leakbed]]')?.problems, []);
  t.match(scriptSettings({}).settings, { chunks: 40, bytes: 24, gap: 0 });
});

test('a hostile prompt of 64 KiB is searched as fast as a plain one', async (t) => {
  const fastest = (prompt: string) => {
    const times = Array.from({ length: 5 }, () => {
      const startMs = systemClock.nowMs();
      findDirective(prompt);
      return systemClock.nowMs() - startMs;
    });
    return Math.min(...times);
  };
  // Quadratic, each of these took seconds; linear, well below a millisecond.
  t.ok(fastest(`[[leakbed${' '.repeat(65_000)}`) < 200);
  t.ok(fastest('[[leakbed '.repeat(6500)) < 200);
});
