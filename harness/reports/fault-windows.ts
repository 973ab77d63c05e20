// When faults acted, for shading. A fault that hits thousands of streams leaves thousands of short
// injections; those of one fault that touch or nearly touch become one window.

import type { Injection } from '../record.ts';
import type { FaultWindow } from './figure.ts';

export interface FaultSpan extends FaultWindow {
  readonly what: string;
  readonly injectionCount: number;
  readonly isHealed: boolean;
}

/** Gaps below this share of the run cannot be seen in a plot. */
const visibleShare = 0.01;
const spanLimit = 60;

export function faultSpans(injections: readonly Injection[], runMs: number): FaultSpan[] {
  const byFault = Map.groupBy(injections, (injection) => injection.fault);
  const spans = [...byFault.values()].flatMap((group) => spansOfOne(group, runMs));
  return spans.toSorted((a, b) => a.fromS - b.fromS).slice(0, spanLimit);
}

function spansOfOne(group: readonly Injection[], runMs: number): FaultSpan[] {
  const spans: FaultSpan[] = [];
  for (const injection of group.toSorted((a, b) => a.startMs - b.startMs)) {
    const next = spanOf(injection, runMs);
    const last = spans.at(-1);
    if (last !== undefined && next.fromS - last.toS <= (visibleShare * runMs) / 1000) {
      spans[spans.length - 1] = joined(last, next);
    } else spans.push(next);
  }
  return spans;
}

function spanOf({ fault, what, startMs, endMs }: Injection, runMs: number): FaultSpan {
  const toMs = Math.max(startMs, endMs ?? runMs);
  return {
    label: fault,
    what,
    fromS: startMs / 1000,
    toS: toMs / 1000,
    injectionCount: 1,
    isHealed: endMs !== null,
  };
}

function joined(a: FaultSpan, b: FaultSpan): FaultSpan {
  // A step or a turn within the window of its own fault.
  if (b.fromS === b.toS && b.toS <= a.toS) return a;
  return {
    ...a,
    what: a.what === b.what ? a.what : `${a.label}, several`,
    toS: Math.max(a.toS, b.toS),
    injectionCount: a.injectionCount + b.injectionCount,
    isHealed: a.isHealed && b.isHealed,
  };
}
