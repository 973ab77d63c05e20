// What the stall of a container tells Docker, in which order; with a real engine it is run by
// test/e2e/container-stall.slow.ts.

import { test } from 'tap';
import { createContainerStall } from '../../../injectors/ambient/billing-container.ts';
import type { StallMode } from '../../../injectors/ambient/billing-stall.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

function recorded(networks: object) {
  const told: string[] = [];
  const clock = createFakeClock();
  const stall = createContainerStall('ledger', clock, async (args) => {
    told.push(args.filter((word) => !word.startsWith('{{')).join(' '));
    return args[0] === 'inspect' ? JSON.stringify(networks) : '';
  });
  const set = (mode: StallMode, delayMs = 0) => stall.set({ mode, delayMs, nth: 1 });
  return { told, clock, set };
}

test('a stuck container is paused once and unpaused once', async (t) => {
  const { told, set } = recorded({});
  await set('stuck');
  await set('stuck');
  await set('pass');
  await set('pass');
  t.same(told, ['pause ledger', 'unpause ledger']);
});

test('a container that was cut off gets its networks back under the names it had', async (t) => {
  const { told, set } = recorded({ back: { Aliases: ['db', 'postgres'] }, bridge: {} });
  await set('error');
  await set('pass');
  t.same(told, [
    'inspect --format ledger',
    'network disconnect --force back ledger',
    'network disconnect --force bridge ledger',
    'network connect --alias db --alias postgres back ledger',
    'network connect bridge ledger',
  ]);
});

test('a flapping container is paused and unpaused in turns, and left running', async (t) => {
  const { told, clock, set } = recorded({});
  await set('flap', 100);
  t.same(told, ['pause ledger']);
  for (const turn of [2, 3]) {
    clock.advance(100);
    await new Promise(setImmediate);
    t.equal(told.length, turn);
  }
  await set('pass');
  t.same(told, ['pause ledger', 'unpause ledger', 'pause ledger', 'unpause ledger']);
  t.equal(clock.pending, 0);
});

test('a network that cannot be given back is tried again, and only that one', async (t) => {
  const told: string[] = [];
  let isAway = true;
  const stall = createContainerStall('ledger', createFakeClock(), async (args) => {
    if (args[1] === 'connect') told.push(`${args[2]}`);
    if (args[2] === 'second' && args[1] === 'connect' && isAway) throw new Error('no such network');
    return args[0] === 'inspect' ? JSON.stringify({ first: {}, second: {} }) : '';
  });
  const set = async (mode: StallMode) => await stall.set({ mode, delayMs: 0, nth: 1 });
  await set('error');
  await t.rejects(set('pass'), /no such network/);
  isAway = false;
  await set('pass');
  t.same(told, ['first', 'second', 'second']);
});
