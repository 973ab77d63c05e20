// Interprets an `arms` phase: sends work of the pool of arms that the search asks about, cycle by
// cycle, until it is known which arms leak. Every test of a pool has levels of its own.

import { type ArmSearch, requestsOfCycle, searchArms } from '../checkers/arm-search.ts';
import { armTestPhase } from '../checkers/arms.ts';
import type { ArmsPhase } from '../scenario.ts';
import type { Level } from '../series/sample.ts';
import type { RunContext } from './context.ts';

/** Does so many requests of these arms, and returns the level that the gateway settles at. */
export type RunCycle = (
  arms: ArmsPhase['arms'],
  requests: number,
  place: { readonly phase: string; readonly cycle: number; readonly totalRequests: number },
) => Promise<Level>;

export async function runArmTests(
  phase: ArmsPhase,
  context: RunContext,
  runCycle: RunCycle,
): Promise<void> {
  const startedMs = context.nowMs();
  const sizes = context.rng.fork(`arms:${phase.name}`);
  const levels = new Map<number, Level[]>();
  const names = phase.arms.map(({ name }) => name);
  const look = () => searchArms(names, (test) => levels.get(test) ?? [], phase.search);
  for (let state = look(); state.pool !== null; state = look()) {
    if ((context.nowMs() - startedMs) / 1000 > phase.maxSeconds) {
      context.warn(`The search among arms was not over after ${phase.maxSeconds} s.`);
      return;
    }
    const { pool, test } = state;
    const done = levels.get(test) ?? [];
    context.progress.update(progressLine(state, pool.length, done.length));
    const perArm = sizes.integer(...phase.requestsPerArm);
    const requests = requestsOfCycle(pool, perArm, phase.search);
    const before = done.at(-1)?.totalRequests ?? 0;
    const arms = phase.arms.filter(({ name }) => pool.includes(name));
    const level = await runCycle(arms, requests, {
      phase: armTestPhase(phase.name, test),
      cycle: done.length + 1,
      totalRequests: before + requests,
    });
    levels.set(test, [...done, level]);
  }
}

function progressLine({ test, guilty }: ArmSearch, poolSize: number, cycles: number): string {
  const known = guilty.length === 0 ? '' : `, guilty: ${guilty.map(({ name }) => name).join(', ')}`;
  return `test ${test}, ${poolSize} arms, cycle ${cycles + 1}${known}`;
}
