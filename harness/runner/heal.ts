// Puts a phase's faults in force and takes them back. Faults of the providers go into the plan;
// ambient faults start something that is healed in reverse order, always, also after a crash.

import type { StallTarget } from '../../injectors/ambient/billing-stall.ts';
import type { GatewayProcess } from '../../injectors/ambient/gateway-process.ts';
import type { LeakableGateway } from '../../injectors/ambient/synthetic-leak.ts';
import { type Clock, systemClock } from '../../injectors/determinism.ts';
import { placeOf } from '../../injectors/family.ts';
import type { BoundFault } from '../../injectors/injector.ts';
import { type Fault, printFault } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import type { Arm } from '../load/workload.ts';
import { memoryCgroup } from '../probes/cgroup-files.ts';
import { answersWithin } from '../subjects/readiness.ts';
import type { RunContext } from './context.ts';
import { leakableGateway } from './retainer.ts';

/** Starts the faults; disposing the result heals them and journals when. */
export async function disturbPhase(
  faults: readonly Fault[],
  context: RunContext,
  clock: Clock = systemClock,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { planned, problems } = bindFaults(faults);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const inPlan = planned.filter(({ bound }) => placeOf(bound.family) === 'answer');
  if (inPlan.length > 0) {
    // Registered first: a request that fails on its way back may still have set the plan.
    stack.defer(() => context.control.clearPlan());
    await context.control.setPlan(
      inPlan.map(({ fault }) => fault),
      context.seed,
    );
    for (const { fault, bound } of inPlan) mark(printFault(fault), bound.explain(), context, stack);
  }
  const around = planned.filter(({ bound }) => ['ambient', 'tcp'].includes(bound.family));
  for (const { fault, bound } of around) {
    mark(printFault(fault), bound.explain(), context, stack);
    const note = (what: string) => markMoment(printFault(fault), what, context);
    const started = await disrupt(bound, context, clock, note);
    if (started !== undefined) stack.use(started);
  }
  return stack.move();
}

/** The gateway's own hook first; what stands before its sink is only there where it was named. */
function stallTarget({ control, subject, sink }: RunContext): StallTarget {
  return {
    at(via) {
      const hooked = subject.capabilities.has('billing-hook') ? (['hook'] as const) : [];
      const nearest = [...hooked, ...(sink?.places ?? [])][0] ?? 'hook';
      const place = via === 'nearest' ? nearest : via;
      return { place, switch: control.billingStall(place) };
    },
  };
}

function ambientTarget(context: RunContext): StallTarget & GatewayProcess & LeakableGateway {
  const { pid, name, url, capabilities } = context.subject;
  return {
    ...stallTarget(context),
    ...leakableGateway(context),
    pid() {
      if (pid !== null && capabilities.has('procfs')) return pid;
      throw new Error(`Cannot disturb the process of ${name}: it is out of reach. Use --pid.`);
    },
    cgroup: pid !== null && capabilities.has('cgroup') ? memoryCgroup(pid) : null,
    async untilServing(limitMs) {
      if (context.signal.aborted || (await answersWithin(url, limitMs, context.signal))) return;
      throw new Error(`Cannot go on: ${name} did not answer within ${limitMs} ms of its end.`);
    },
  };
}

function sinkProxy({ sink }: RunContext): object {
  if (sink?.proxy !== undefined) return sink.proxy;
  throw new Error('Cannot disturb the wire to the sink: none is named. Use --sink VARIABLE=URL.');
}

/** A stall that was set but not followed in time is taken back: its maker has nothing to heal. */
async function disrupt(
  bound: BoundFault,
  context: RunContext,
  clock: Clock,
  note: (what: string) => void,
) {
  try {
    return await bound.disrupt?.({
      // TCP faults act on the wire to the sink, ambient ones on billing or on the process.
      target: (bound.family === 'tcp' ? sinkProxy(context) : ambientTarget(context)) as never,
      clock,
      signal: context.signal,
      note,
    });
  } catch (error) {
    // The first error is the one to tell; healing may well fail for the same reason.
    await context.control.releaseBilling().catch(() => undefined);
    throw error;
  }
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

/** Journals what a fault did while it was in force: a step of it, a turn. */
function markMoment(fault: string, what: string, { inject, nowMs }: RunContext): void {
  const startMs = nowMs();
  inject({ fault, what, startMs, endMs: startMs });
}

/** Journals the window in which the fault was really in force. */
function mark(fault: string, what: string, context: RunContext, stack: AsyncDisposableStack): void {
  const injection = { fault, what, startMs: context.nowMs() };
  context.inject({ ...injection, endMs: null });
  stack.defer(() => context.inject({ ...injection, endMs: context.nowMs() }));
}
