// How long a run will still take: what its phases may take at most, corrected by how the phases
// that are over compare with what they might have taken. Pure; progress.ts asks it.

import type { PhasePlan } from '../progress.ts';
import type { Phase } from '../scenario.ts';

/** What ends at once where nothing is wrong counts for a second; a watch begins after leaks. */
export function planOf(phases: readonly Phase[]): readonly PhasePlan[] {
  return phases.map((phase) => ({ name: phase.name, seconds: secondsOf(phase) }));
}

/** A guess to begin with; the phases that are over correct it. */
const requestsPerSecond = 100;

function secondsOf(phase: Phase): number {
  if (phase.kind === 'cycles') {
    const [low, high] = phase.requestsPerCycle;
    const requests = (phase.maxCycles * (low + high)) / 2;
    return Math.min(phase.maxSeconds, requests / requestsPerSecond);
  }
  if (phase.kind === 'watch') return 0;
  if (phase.kind === 'drain' || phase.kind === 'answer') return 1;
  if ('seconds' in phase) return phase.seconds;
  return 'maxSeconds' in phase ? phase.maxSeconds : 1;
}

export interface TimeLeft {
  /** A phase has begun. */
  enter(name: string, nowMs: number): void;
  /** Null while there is nothing to go by, or the phase is none of the plan's. */
  leftSeconds(nowMs: number): number | null;
}

export function timeLeft(plan: readonly PhasePlan[]): TimeLeft {
  let current = -1;
  let startedMs = 0;
  let firstMs = 0;
  let isPlanned = false;
  const sum = (from: number, to: number) =>
    plan.slice(from, to).reduce((total, { seconds }) => total + seconds, 0);
  return {
    enter(name, nowMs) {
      const next = plan.findIndex((phase, index) => index > current && phase.name === name);
      isPlanned = next !== -1;
      if (!isPlanned) return;
      if (current === -1) firstMs = nowMs;
      current = next;
      startedMs = nowMs;
    },
    leftSeconds(nowMs) {
      if (!isPlanned) return null;
      const [before, own] = [sum(0, current), plan[current]?.seconds ?? 0];
      const tookShare = before === 0 ? 1 : (startedMs - firstMs) / 1000 / before;
      const inPhase = Math.max(0, own * tookShare - (nowMs - startedMs) / 1000);
      return Math.ceil(inPhase + sum(current + 1, plan.length) * tookShare);
    },
  };
}
