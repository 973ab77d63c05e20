// The level a gateway comes to when work ends: nothing in flight, garbage collected, every probe
// read. Levels are what the leak experiment regresses on work done.

import { sleep } from '../../injectors/determinism.ts';
import type { Reading } from '../probes/probe.ts';
import type { Level } from '../series/sample.ts';
import { processState } from '../subjects/process-info.ts';
import { type RunContext, readLevel } from './context.ts';

/** Connections a client leaves behind are gone from the gateway after this long. */
export const settleMs = 60;

/** Lets the gateway come to rest, then reads and records the level. */
export async function settledLevel(
  phase: string,
  cycle: number,
  requests: number,
  totalRequests: number,
  context: RunContext,
  counted: Reading = {},
): Promise<Level> {
  await settle(context);
  const values = { ...(await readLevel(context.probes)), ...counted };
  const level = { phase, cycle, requests, totalRequests, timeMs: context.nowMs(), values };
  context.levels.push(level);
  await context.store.level(level);
  return level;
}

export async function settle(context: RunContext): Promise<void> {
  context.client.dropIdle();
  await untilNoFewerStreams(context);
  await untilAsleep(context);
}

const pollMs = 10;
/** A gateway with work of its own (timers, a poller) is read all the same. */
const restlessMs = 2_000;

/**
 * At rest is a gateway that has slept for as long as that takes. On a busy machine it may stand in
 * line for a processor with the end of its requests still before it; then it is not asleep.
 */
async function untilAsleep({ subject, signal }: RunContext): Promise<void> {
  let asleepMs = 0;
  for (let waitedMs = 0; asleepMs < settleMs && waitedMs < restlessMs; waitedMs += pollMs) {
    await sleep(pollMs, signal);
    const state = subject.pid === null ? null : processState(subject.pid);
    asleepMs = state === null || state.state === 'S' ? asleepMs + pollMs : 0;
  }
}

/** A gateway that never cancels holds its streams for good: they are not waited for. */
const patientPolls = 8;

/**
 * Streams whose client has left end one by one, and on a busy machine late: a level that is read
 * before holds some of them, 25 KiB each.
 */
async function untilNoFewerStreams({ control, signal }: RunContext): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  for (let inVain = 0; inVain < patientPolls; inVain++) {
    const inFlight = await control.streamsInFlight();
    if (inFlight === 0) return;
    if (inFlight < fewest) inVain = 0;
    fewest = Math.min(fewest, inFlight);
    await sleep(pollMs, signal);
  }
}
