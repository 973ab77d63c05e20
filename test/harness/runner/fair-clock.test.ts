// The clock of time limits, on a process whose waiting is made up.

import { test } from 'tap';
import { fairClock } from '../../../harness/runner/fair-clock.ts';

function machine() {
  const state = { nowMs: 1000, waitedMs: 70 };
  const read = (path: string) => {
    if (path !== '/proc/12/schedstat') throw new Error('ENOENT');
    return `5000000 ${state.waitedMs * 1e6} 17\n`;
  };
  return { state, read, nowMs: () => state.nowMs };
}

test('it stands still while the gateway waits for a processor', async (t) => {
  const { state, read, nowMs } = machine();
  const clock = fairClock(nowMs, 12, read);
  Object.assign(state, { nowMs: 2000, waitedMs: 470 });
  t.equal(clock(), 1600);
});

test('it runs at a third of real time at least', async (t) => {
  const { state, read, nowMs } = machine();
  const clock = fairClock(nowMs, 12, read);
  Object.assign(state, { nowMs: 4000, waitedMs: 3070 });
  t.ok(Math.abs(clock() - 2000) < 1e-6);
});

test('where no waiting is told it is the real one', async (t) => {
  const { state, read, nowMs } = machine();
  const clock = fairClock(nowMs, 13, read);
  state.nowMs = 2500;
  t.equal(clock(), 2500);
});
