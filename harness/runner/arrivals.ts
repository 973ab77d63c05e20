// Requests that arrive at a rate, whether or not the gateway keeps up: an open model, for latency
// and for what a monitor sees in production.

import { sleep } from '../../injectors/determinism.ts';
import { decide } from '../checkers/leak-experiment.ts';
import { type LoadReport, runLoad } from '../load/load.ts';
import { constantRate } from '../load/pacer.ts';
import { mix } from '../load/workload.ts';
import type { LoadPhase, MonitorPhase } from '../scenario.ts';
import type { Level } from '../series/sample.ts';
import { type RunContext, readLevel } from './context.ts';
import { keep, noteLoad } from './load-notes.ts';
import { settledLevel } from './settled-level.ts';

export async function runArrivals(phase: LoadPhase, context: RunContext): Promise<void> {
  const report = await arrive(phase, context, context.signal);
  context.signal.throwIfAborted();
  noteLoad(report, context);
  await settledLevel(phase.name, 1, report.startedCount, report.startedCount, context);
}

/** Reads levels while requests are in flight, as a monitor does, and ends once it is sure. */
export async function runMonitor(phase: MonitorPhase, context: RunContext): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const over = new AbortController();
  stack.defer(() => over.abort());
  const levels: Level[] = [];
  const before = context.answered.count;
  let seen = 0;
  let failure: unknown;
  const watching = (async () => {
    while (!over.signal.aborted) {
      await sleep(phase.levelEveryMs, over.signal);
      const totalRequests = context.answered.count - before;
      const values = await readLevel(context.probes);
      const place = { phase: phase.name, cycle: levels.length + 1, totalRequests };
      const level = { ...place, requests: totalRequests - seen, timeMs: context.nowMs(), values };
      seen = totalRequests;
      levels.push(level);
      context.levels.push(level);
      await context.store.level(level);
      context.progress.update(`level ${levels.length}, ${totalRequests} requests`);
      const judged = decide(levels, phase.experiment);
      const isSure = judged.state === 'decided' && judged.finding === 'growth-sustained';
      if (isSure || levels.length >= phase.levelCount) over.abort();
    }
  })().catch((error: unknown) => {
    // Thrown once the load has ended: until then nobody waits for it, and Node would end the run.
    if (!over.signal.aborted) failure = error;
    over.abort();
  });
  const signal = AbortSignal.any([context.signal, over.signal]);
  try {
    noteLoad(await arrive(phase, context, signal), context);
  } finally {
    over.abort();
    await watching;
  }
  context.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

async function arrive(
  phase: LoadPhase | MonitorPhase,
  context: RunContext,
  signal: AbortSignal,
): Promise<LoadReport> {
  const workload = mix(phase.arms, context.rng.fork(`load:${phase.name}:${context.phases.length}`));
  const { maxInFlight, ratePerSecond, seconds, shareOfPeak = Infinity } = phase;
  const rate = Math.min(ratePerSecond, shareOfPeak * context.answered.perSecond);
  const model = { kind: 'open', pacer: constantRate(rate, seconds * 1000), maxInFlight } as const;
  const plan = { phase: phase.name, workload, model };
  return await runLoad(context.client, plan, (row) => keep(row, context), signal);
}
