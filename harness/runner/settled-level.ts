// The level a gateway comes to when work ends: nothing in flight, garbage collected, every probe
// read. Levels are what the leak experiment regresses on work done.

import { sleep } from '../../injectors/determinism.ts';
import type { Reading } from '../probes/probe.ts';
import type { Level } from '../series/sample.ts';
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

export async function settle({ client, signal }: RunContext): Promise<void> {
  client.dropIdle();
  await sleep(settleMs, signal);
}
