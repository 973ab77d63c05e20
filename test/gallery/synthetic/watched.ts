// A process as `leakbed watch` sees it from outside, for a day or more: traffic with days, bursts
// and chance; resident memory that follows traffic with a delay, collects garbage in teeth, warms
// up, fills caches, is restarted; and in half of them a leak. Drawn from a seed, read every 5 s.

import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import {
  between,
  drawParts,
  type Habit,
  habits,
  hourMs,
  logBetween,
  MiB,
  normal,
  stepMs,
  stepSeconds,
} from './watched-habits.ts';

export interface WatchedReading {
  readonly timeMs: number;
  readonly bytes: number;
  readonly work: number;
  /** It began anew since the last reading. */
  readonly isRestarted: boolean;
}

export interface WatchedPlan {
  readonly seed: number;
  readonly hours: number;
  /** Bytes per request, and when it begins to leak; null for a process that is clean. */
  readonly leak: { readonly bytesPerRequest: number; readonly fromHour: number } | null;
  readonly habits: readonly Habit[];
}

/** Readings one by one, so that a day needs no memory. */
export function* watchProcess(plan: WatchedPlan): Generator<WatchedReading> {
  const rng = seededRng(plan.seed);
  const has = (habit: Habit) => plan.habits.includes(habit);
  const traffic = drawTraffic(rng.fork('traffic'), has);
  const nature = rng.fork('nature');
  const chance = rng.fork('chance');
  const restartEveryMs = has('restarts')
    ? between(nature, 3, 12) * hourMs
    : Number.POSITIVE_INFINITY;
  const parts = drawParts(nature, has, traffic.mean);
  const base = between(nature, 60, 160) * MiB;
  let life = 0;
  let running = parts.map((begin) => begin(chance.fork(`life ${life}`)));
  let nextRestartMs = restartEveryMs * between(chance, 0.3, 1);
  let [work, done, leaked] = [0, 0, 0];
  for (let timeMs = 0; timeMs < plan.hours * hourMs; timeMs += stepMs) {
    const isRestarted = timeMs >= nextRestartMs;
    if (isRestarted) {
      life += 1;
      running = parts.map((begin) => begin(chance.fork(`life ${life}`)));
      [done, leaked] = [0, 0];
      nextRestartMs = timeMs + restartEveryMs * between(chance, 0.3, 1.7);
    }
    const pace = traffic.at(timeMs);
    const mean = pace * stepSeconds;
    const requests = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(chance)));
    work += requests;
    done += requests;
    if (plan.leak !== null && timeMs >= plan.leak.fromHour * hourMs) {
      leaked += requests * plan.leak.bytesPerRequest;
    }
    const step = { timeMs, requests, pace, done };
    const held = running.reduce((sum, part) => sum + part(step), 0);
    const bytes = 4096 * Math.round((base + held + leaked) / 4096);
    yield { timeMs, bytes, work, isRestarted };
  }
}

function drawTraffic(rng: Rng, has: (habit: Habit) => boolean) {
  const mean = logBetween(rng, 100, 400);
  const swing = has('daily cycle') ? between(rng, 0.3, 0.75) : 0;
  const phase = rng.next();
  const bursts = has('bursts')
    ? Array.from({ length: rng.integer(20, 60) }, () => ({
        fromMs: between(rng, 0, 240) * hourMs,
        forMs: between(rng, 1, 20) * 60_000,
        times: between(rng, 1.3, 4),
      }))
    : [];
  let haze = 0;
  return {
    mean,
    at(timeMs: number) {
      haze = 0.95 * haze + 0.3 * 0.1 * normal(rng);
      const day = 1 + swing * Math.sin(2 * Math.PI * (timeMs / (24 * hourMs) + phase));
      const burst = bursts.find(({ fromMs, forMs }) => timeMs >= fromMs && timeMs < fromMs + forMs);
      return mean * day * (burst?.times ?? 1) * Math.max(0.2, 1 + haze);
    },
  };
}

/** Which habits a process has, and whether it leaks. */
export function drawPlan(seed: number, isLeaking: boolean, hours = 24): WatchedPlan {
  const rng = seededRng(seed).fork(isLeaking ? 'leaking' : 'clean');
  const chosen = habits.filter((habit) => habit === 'warm-up' || rng.next() < 0.4);
  const leak = {
    bytesPerRequest: logBetween(rng, 200, 50_000),
    fromHour: rng.next() < 0.5 ? 0 : between(rng, 0.5, 12),
  };
  return { seed: rng.seed, hours, leak: isLeaking ? leak : null, habits: chosen };
}
