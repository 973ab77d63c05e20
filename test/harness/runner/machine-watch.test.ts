// How fit the machine was, from what /proc says, and what is told of it.

import { test } from 'tap';
import { machineWarnings, watchMachine } from '../../../harness/runner/machine-watch.ts';

/** /proc as it is at the first look and at the second. */
function twoLooks(stat: readonly string[], schedstat: readonly string[]) {
  const looks: Record<string, number> = {};
  return (path: string) => {
    const look = looks[path] ?? 0;
    looks[path] = look + 1;
    const text = (path === '/proc/stat' ? stat : schedstat)[look];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };
}

test('stolen time and time in line are shares of what passed since the watch began', (t) => {
  const read = twoLooks(
    ['cpu  100 0 100 700 0 0 0 100 0 0\ncpu0 1 2 3', 'cpu  200 0 200 1200 0 0 0 200 50 0\ncpu0 1'],
    ['1000 500 7', '2000 3500 9'],
  );
  t.same(watchMachine(read).shares(), { stealShare: 0.125, waitShare: 0.75 });
  t.end();
});

test('what the system does not tell is left out, and nothing is warned of', (t) => {
  const shares = watchMachine(twoLooks([], [])).shares();
  t.same(shares, {});
  t.same(machineWarnings(shares), []);
  t.end();
});

test('a quiet machine is not mentioned, a busy one is, each cause by its name', (t) => {
  t.same(machineWarnings({ stealShare: 0.01, waitShare: 0.1 }), []);
  const [steal, ...others] = machineWarnings({ stealShare: 0.2, waitShare: 0.1 });
  t.match(steal, /hypervisor took 20 %/);
  t.same(others, []);
  t.match(machineWarnings({ waitShare: 0.5 })[0], /stood in line for a processor for 50 %/);
  t.end();
});

test('the shares of this machine are shares', (t) => {
  const watch = watchMachine();
  for (let i = 0, _sum = 0; i < 3e7; i++) _sum += i;
  for (const share of Object.values(watch.shares())) t.ok(share >= 0 && share <= 1, `${share}`);
  t.end();
});
