import { test } from 'tap';
import {
  billingStall,
  readStallState,
  type StallState,
  type StallTarget,
} from '../../../injectors/ambient/billing-stall.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import type { RawValue } from '../../../injectors/options.ts';

async function disrupted(options: Readonly<Record<string, RawValue>>) {
  const states: StallState[] = [];
  const notes: string[] = [];
  const taken = { set: async (state: StallState) => void states.push(state) };
  const target: StallTarget = {
    at: (via) => ({ place: via === 'nearest' ? 'hook' : via, switch: taken }),
  };
  const { fault } = billingStall.bind(options);
  const disposable = await fault?.disrupt?.({
    target: target as never,
    clock: systemClock,
    signal: AbortSignal.timeout(1000),
    note: (what) => void notes.push(what),
  });
  const before = [...states];
  await disposable?.[Symbol.asyncDispose]();
  return { before, after: states.slice(before.length), notes };
}

test('a stall sets its mode, and healing it lets the consumer pass', async (t) => {
  const { before, after, notes } = await disrupted({ mode: 'slow', delay: '2s' });
  t.same(before, [{ mode: 'slow', delayMs: 2000, nth: 10 }]);
  t.same(after, [{ mode: 'pass', delayMs: 0, nth: 1 }]);
  t.same(notes, ['slow', 'healed']);
});

test('recover is the healthy mode under its own name', async (t) => {
  const { before } = await disrupted({ mode: 'recover' });
  t.match(before, [{ mode: 'pass', delayMs: 0 }]);
});

test('a mode that does not exist is refused with the modes that do', async (t) => {
  const { problems } = billingStall.bind({ mode: 'asleep' });
  t.match(problems, [/one of stuck, slow, error, flap, poison, duplicate-ack, recover/]);
});

test('a rate is the delay between two calls', async (t) => {
  const { before } = await disrupted({ mode: 'slow', rate: 25 });
  t.match(before, [{ mode: 'slow', delayMs: 40 }]);
});

test('what a place cannot do is refused there, with the reason and what it can', async (t) => {
  await t.rejects(disrupted({ mode: 'poison', via: 'wire' }), /wire knows no single events.*stuck/);
  await t.rejects(disrupted({ mode: 'slow', via: 'container' }), /paused or cut off.*stuck, error/);
  t.match((await disrupted({ mode: 'duplicate-ack', via: 'wire' })).before, [{ nth: 10 }]);
});

for (const [what, given, message] of [
  ['a mode that is none', ['asleep', 0, 1], /mode "asleep".*Use one of pass, stuck/],
  ['a delay that is no time', ['slow', -1, 1], /delayMs -1/],
  ['a flap without a turn', ['flap', 0, 1], /delayMs 0: it must be a number from 1/],
  ['one event in none', ['poison', 0, 0], /nth 0: it must be a whole number from 1/],
] as const) {
  test(`a switch refuses ${what}`, async (t) => {
    t.throws(() => readStallState(given[0], given[1], given[2]), message);
  });
}
