// Puts a phase's faults in force and takes them back. Faults of the providers go into the plan;
// ambient faults start something that is healed in reverse order, always, also after a crash.

import { type Clock, systemClock } from '../../injectors/determinism.ts';
import { type Fault, printFault } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import type { Arm } from '../load/workload.ts';
import type { RunContext } from './context.ts';

/** Starts the faults; disposing the result heals them and journals when. */
export async function disturbPhase(
  faults: readonly Fault[],
  context: RunContext,
  clock: Clock = systemClock,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { planned, problems } = bindFaults(faults);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const inPlan = planned.filter(({ bound }) => bound.family === 'stream');
  if (inPlan.length > 0) {
    await context.control.setPlan(
      inPlan.map(({ fault }) => fault),
      context.seed,
    );
    stack.defer(() => context.control.clearPlan());
    for (const { fault, bound } of inPlan) mark(printFault(fault), bound.explain(), context, stack);
  }
  for (const { fault, bound } of planned.filter(({ bound }) => bound.family === 'ambient')) {
    mark(printFault(fault), bound.explain(), context, stack);
    const started = await bound.disrupt?.({
      // The only target an ambient fault of this catalogue acts on.
      target: context.control.billingStall as never,
      clock,
      signal: context.signal,
      note: () => undefined,
    });
    if (started !== undefined) stack.use(started);
  }
  return stack.move();
}

/** Journals the client faults of a phase's work, from its first request to its last. */
export function markClientFaults(arms: readonly Arm[], context: RunContext): AsyncDisposable {
  const stack = new AsyncDisposableStack();
  const faulty = Map.groupBy(
    arms.filter(({ clientFault }) => clientFault !== undefined),
    ({ clientFault }) => clientFault ?? '',
  );
  for (const [fault, of] of faulty) {
    mark(fault, `clients of ${of.map(({ name }) => name).join(', ')}`, context, stack);
  }
  return stack;
}

/** Journals the window in which the fault was really in force. */
function mark(fault: string, what: string, context: RunContext, stack: AsyncDisposableStack): void {
  const injection = { fault, what, startMs: context.nowMs() };
  context.inject({ ...injection, endMs: null });
  stack.defer(() => context.inject({ ...injection, endMs: context.nowMs() }));
}
