// Windows of a plan's faults: when they are open, and which can never be.

import { test } from 'tap';
import type { Fault } from '../../injectors/plan.ts';
import { contradictions, isExpired, isOpen, timingOf } from '../../injectors/timing.ts';

const fault = (more: Partial<Fault>): Fault => ({ fault: 'noop', ...more });
const openAt = (more: Partial<Fault>, times: readonly number[]) =>
  times.filter((elapsedMs) => isOpen(timingOf(fault(more)), elapsedMs));

test('without a window a fault is always open', async (t) => {
  t.same(openAt({}, [0, 1e12]), [0, 1e12]);
});

test('a window is open from its beginning on and closed at its end', async (t) => {
  const when = { from: '5s', until: 10_000 };
  t.same(openAt({ when }, [0, 4999, 5000, 9999, 10_000, 65_000]), [5000, 9999]);
});

test('a window with a period comes again', async (t) => {
  const when = { from: '5s', until: '10s', every: '1m' };
  t.same(openAt({ when }, [5000, 10_000, 64_999, 65_000, 69_999, 70_000]), [5000, 65_000, 69_999]);
  t.same(openAt({ when: { from: '50s', every: '1m' } }, [0, 50_000, 60_000]), [50_000]);
});

test('a time to live ends it for good', async (t) => {
  t.same(openAt({ ttl: '2s' }, [0, 1999, 2000]), [0, 1999]);
  t.ok(isExpired(timingOf(fault({ ttl: 2000 })), 2000));
  t.notOk(isExpired(timingOf(fault({})), 1e12));
});

test('a window in which nothing can come is refused, with the path of what is wrong', async (t) => {
  const rows: [Partial<Fault>, RegExp][] = [
    [
      { when: { from: '5s', until: '5s' } },
      /faults\[2\]\.when\.until 5s: the window is over before/,
    ],
    [{ when: { until: 0 } }, /when\.until 0: the window is over before it begins at 0ms/],
    [{ when: { every: '5s' } }, /when\.every 5s: there is no window to repeat/],
    [{ when: { from: '9s', every: '9s' } }, /when\.from 9s: a period of 9s is over by then/],
    [{ when: { until: '9s', every: '8s' } }, /when\.until 9s: it is longer than the period of 8s/],
    [{ when: { from: '3s' }, ttl: '3s' }, /faults\[2\]\.ttl 3s: the fault ends before its window/],
    [{ ttl: 0 }, /ttl 0: the fault ends before its window begins/],
  ];
  for (const [more, wanted] of rows) t.match(contradictions(fault(more), 'faults[2]'), [wanted]);
  t.same(contradictions(fault({ when: { until: '9s', every: '9s' }, ttl: 1 }), ''), []);
});
