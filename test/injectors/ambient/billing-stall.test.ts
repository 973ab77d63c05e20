import { test } from 'tap';
import { billingStall, type StallState } from '../../../injectors/ambient/billing-stall.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import type { RawValue } from '../../../injectors/options.ts';

async function disrupted(options: Readonly<Record<string, RawValue>>) {
  const states: StallState[] = [];
  const notes: string[] = [];
  const target = { set: async (state: StallState) => void states.push(state) };
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
  t.same(before, [{ mode: 'slow', delayMs: 2000 }]);
  t.same(after, [{ mode: 'pass', delayMs: 0 }]);
  t.same(notes, ['slow', 'healed']);
});

test('recover is the healthy mode under its own name', async (t) => {
  const { before } = await disrupted({ mode: 'recover' });
  t.same(before, [{ mode: 'pass', delayMs: 0 }]);
});

test('a mode that does not exist is refused with the modes that do', async (t) => {
  const { problems } = billingStall.bind({ mode: 'asleep' });
  t.match(problems, [/one of stuck, slow, error, recover/]);
});
