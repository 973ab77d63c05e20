// Interprets one phase of a scenario: work, rest or waiting, with its faults in force, and the
// levels that come of it.

import { sleep } from '../../injectors/determinism.ts';
import { aftermathOf } from '../checkers/aftermath.ts';
import { conclude, decide } from '../checkers/leak-experiment.ts';
import { runLoad } from '../load/load.ts';
import { mix } from '../load/workload.ts';
import type { Reading } from '../probes/probe.ts';
import type {
  ArmsPhase,
  CensusPhase,
  CyclesPhase,
  DrainPhase,
  Phase,
  ReclaimPhase,
  RestPhase,
  WatchPhase,
} from '../scenario.ts';
import type { MetricName } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { type RunCycle, runArmTests } from './arm-tests.ts';
import { runArrivals, runMonitor } from './arrivals.ts';
import { awaitAnswer } from './await-answer.ts';
import type { RunContext } from './context.ts';
import { fitPhase } from './fit-phase.ts';
import { disturbPhase, markClientFaults } from './heal.ts';
import { keep, noteLoad } from './load-notes.ts';
import { watchMachine } from './machine-watch.ts';
import { settle, settledLevel } from './settled-level.ts';

const drainPollMs = 50;
/** A slow machine, or a gateway that a leak makes slow, gets this much more time. */
const graceFactor = 4;

export async function runPhase(planned: Phase, context: RunContext): Promise<void> {
  context.signal.throwIfAborted();
  const phase = fitPhase(planned, context.subject);
  if (phase.isNeeded?.(context.levels) === false) return;
  if (phase.kind === 'watch' && leaksOf(phase, context).length === 0) return;
  context.progress.phase(phase.name, phase.title);
  await context.control.enterPhase(phase.name);
  await using _mark = await beginMark(phase.name, context);
  await using _faults = await disturbPhase(phase.faults ?? [], context);
  await using _clients = markClientFaults('arms' in phase ? phase.arms : [], context);
  switch (phase.kind) {
    case 'cycles':
      return await runCycles(phase, context);
    case 'load':
      return await runArrivals(phase, context);
    case 'monitor':
      return await runMonitor(phase, context);
    case 'drain':
      return await drain(phase, context);
    case 'rest':
      return await rest(phase, context);
    case 'reclaim':
      return await reclaim(phase, context);
    case 'census':
      return await census(phase, context);
    case 'arms':
      return await runArmTests(phase, context, cycleRunner(phase, context));
    case 'answer':
      await awaitAnswer(phase, context);
      return void (await settledLevel(phase.name, 1, 0, 0, context));
    case 'watch':
      return await watch(phase, context);
    default:
      phase satisfies never;
  }
}

/** Records when the phase began and, on disposal, when it ended. */
async function beginMark(name: string, context: RunContext): Promise<AsyncDisposable> {
  const startMs = context.nowMs();
  const index = context.phases.push({ name, startMs, endMs: null }) - 1;
  const machine = watchMachine();
  await context.store.update({ phases: [...context.phases] });
  return {
    async [Symbol.asyncDispose]() {
      // A phase that was cut short keeps its open end: that is what the record should say.
      if (context.signal.aborted) return;
      const mark = context.phases[index] ?? { name, startMs };
      context.phases[index] = { ...mark, endMs: context.nowMs(), ...machine.shares() };
      await context.store.update({ phases: [...context.phases] });
    },
  };
}

async function runCycles(phase: CyclesPhase, context: RunContext): Promise<void> {
  // Phases of one name are rounds; each asks anew, or a cache in the gateway would answer.
  const sizes = context.rng.fork(`cycles:${phase.name}:${context.phases.length}`).fork('sizes');
  const runCycle = cycleRunner(phase, context);
  const startedMs = context.nowMs() - spentMs(phase.name, context);
  const levels: Level[] = [];
  let totalRequests = 0;
  for (let cycle = 1; cycle <= phase.maxCycles; cycle++) {
    const requestCount = affordableCount(sizes.integer(...phase.requestsPerCycle), phase, context);
    totalRequests += requestCount;
    const place = { phase: phase.name, cycle, totalRequests };
    const level = await runCycle(phase.arms, requestCount, place);
    levels.push(level);
    const state = phase.experiment === null ? null : decide(levels, phase.experiment);
    context.progress.update(cycleLine(cycle, phase, totalRequests, level));
    if (state?.state === 'decided') return;
    const seconds = (context.nowMs() - startedMs) / 1000;
    if (seconds > phase.maxSeconds && isEnough(levels, phase, seconds)) return;
  }
}

/** Time that a resumed run had given the phase before it was cut short. */
function spentMs(phase: string, { store }: RunContext): number {
  const marks = store.earlier?.phases.filter(({ name }) => name === phase) ?? [];
  return marks.reduce((sum, { startMs, endMs }) => sum + (endMs ?? startMs) - startMs, 0);
}

/** Sends work of arms to its end and reads the level after it. */
function cycleRunner(phase: CyclesPhase | ArmsPhase, context: RunContext): RunCycle {
  const { userCount } = phase;
  const rng = context.rng.fork(`cycles:${phase.name}:${context.phases.length}`).fork('work');
  return async (arms, requestCount, { phase: name, cycle, totalRequests }) => {
    const firstSeq = totalRequests - requestCount;
    const model = { kind: 'closed', userCount, requestCount, firstSeq } as const;
    // Tests of pools are rounds too: each asks anew.
    const workload = mix(arms, phase.kind === 'arms' ? rng.fork(name) : rng);
    const plan = { phase: name, workload, model };
    const report = await runLoad(context.client, plan, (row) => keep(row, context), context.signal);
    context.signal.throwIfAborted();
    noteLoad(report, context);
    context.answered.perSecond = report.finishedCount / (report.elapsedMs / 1000);
    return await settledLevel(name, cycle, requestCount, totalRequests, context);
  };
}

/** Past its time a phase goes on only while that can still turn "undecided" into an answer. */
function isEnough(levels: readonly Level[], phase: CyclesPhase, seconds: number): boolean {
  if (phase.experiment === null || seconds > graceFactor * phase.maxSeconds) return true;
  return conclude(levels, phase.experiment).finding !== 'undecided';
}

function cycleLine(cycle: number, phase: CyclesPhase, requests: number, level: Level): string {
  const heap = level.values.heapBytes ?? level.values.anonBytes;
  const memory = heap === undefined ? '' : `, ${(heap / 1024 ** 2).toFixed(2)} MiB at rest`;
  const sockets = level.values.socketCount;
  const open = sockets === undefined ? '' : `, ${sockets} sockets`;
  return `cycle ${cycle} of at most ${phase.maxCycles}, ${requests} requests${memory}${open}`;
}

/** Requests that the gateway can serve in the time of a cycle; half a small cycle at least. */
function affordableCount(
  wanted: number,
  { cycleSeconds = Infinity, requestsPerCycle: [low] }: CyclesPhase,
  { answered }: RunContext,
): number {
  const affordable = Math.ceil(cycleSeconds * answered.perSecond);
  return Math.min(wanted, Math.max(Math.ceil(low / 2), affordable));
}

async function drain(phase: DrainPhase, context: RunContext): Promise<void> {
  const startedMs = context.nowMs();
  for (;;) {
    const { queueDepth } = await readQueue(context);
    if (queueDepth === undefined || queueDepth === 0) break;
    context.progress.update(`${queueDepth} events wait`);
    if (context.nowMs() - startedMs > phase.maxSeconds * 1000) {
      context.warn(`The queue still held ${queueDepth} events after ${phase.maxSeconds} s.`);
      break;
    }
    await sleep(drainPollMs, context.signal);
  }
  await settledLevel(phase.name, 1, 0, 0, context);
}

async function readQueue(context: RunContext): Promise<{ readonly queueDepth?: number }> {
  let reading: { readonly queueDepth?: number } = {};
  for (const probe of context.probes) reading = { ...reading, ...(await probe.sample()) };
  return reading;
}

async function rest(phase: RestPhase, context: RunContext): Promise<void> {
  const pauseMs = (phase.seconds * 1000) / phase.levelCount;
  for (let reading = 1; reading <= phase.levelCount; reading++) {
    await sleep(pauseMs, context.signal);
    await settledLevel(phase.name, reading, 0, 0, context);
    context.progress.update(`reading ${reading} of ${phase.levelCount} at rest`);
  }
}

async function reclaim(phase: ReclaimPhase, context: RunContext): Promise<void> {
  for (const probe of context.probes) await probe.reclaim?.();
  await settledLevel(phase.name, 1, 0, 0, context);
}

async function census(phase: CensusPhase, context: RunContext): Promise<void> {
  await settle(context);
  let counts: Reading = {};
  for (const probe of context.probes) counts = { ...counts, ...(await probe.census?.()) };
  await settledLevel(phase.name, 1, 0, 0, context, counts);
}

/** Waits for growth to be given back, and reads at even intervals whether it was. */
async function watch(phase: WatchPhase, context: RunContext): Promise<void> {
  const leaks = leaksOf(phase, context);
  const work = context.levels.filter((level) => level.phase === phase.after);
  const seconds = context.releaseWatchSeconds ?? phase.seconds;
  const read: Level[] = [];
  for (let reading = 1; reading <= phase.levelCount; reading++) {
    await sleep((seconds * 1000) / phase.levelCount, context.signal);
    read.push(await settledLevel(phase.name, reading, 0, 0, context));
    context.progress.update(`reading ${reading} of ${phase.levelCount}, ${seconds} s at most`);
    const isBack = (metric: MetricName) =>
      (aftermathOf(metric, work, read)?.releasedAfterMs ?? null) !== null;
    if (leaks.every(isBack)) return;
  }
}

function leaksOf({ after, experiment }: WatchPhase, { levels }: RunContext): readonly MetricName[] {
  const work = levels.filter((level) => level.phase === after);
  const { channels } = conclude(work, experiment);
  return channels.filter(({ finding }) => finding === 'leak').map(({ metric }) => metric);
}
