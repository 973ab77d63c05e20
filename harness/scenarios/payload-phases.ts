// The form of the scenarios about large payloads: small work, until what only grows once has grown;
// then each size by itself, in cycles whose peak and rest are read; then rest.

import type { PayloadStep } from '../checkers/payload.ts';
import type { Arm } from '../load/workload.ts';
import type { CyclesPhase, Phase, Scale } from '../scenario.ts';

export interface PayloadStage extends PayloadStep {
  readonly title: string;
  readonly arms: readonly Arm[];
  /** Requests of each of its cycles. */
  readonly requests: number;
}

export interface PayloadPlan {
  /** Small requests of the same kinds. */
  readonly smallArms: readonly Arm[];
  readonly stages: readonly PayloadStage[];
  readonly userCount: number;
  readonly warmUpRequests: number;
  /** Cycles of each stage. */
  readonly cycles: number;
  readonly restSeconds: number;
}

/** How much longer each scale works on the same stages. */
export const payloadEffort: Readonly<
  Record<Scale, Pick<PayloadPlan, 'warmUpRequests' | 'cycles' | 'restSeconds'>>
> = {
  smoke: { warmUpRequests: 240, cycles: 3, restSeconds: 1 },
  ci: { warmUpRequests: 600, cycles: 6, restSeconds: 5 },
  full: { warmUpRequests: 2000, cycles: 200, restSeconds: 60 },
};

export function payloadPhases(plan: PayloadPlan): readonly Phase[] {
  const { smallArms, stages, userCount, warmUpRequests, cycles, restSeconds } = plan;
  const work = (phase: string, title: string, arms: readonly Arm[], requests: number) =>
    ({
      kind: 'cycles',
      name: phase,
      title,
      arms,
      userCount,
      requestsPerCycle: [requests, requests],
      maxCycles: cycles,
      maxSeconds: 3600,
      experiment: null,
    }) satisfies CyclesPhase;
  const once = { maxCycles: 1 };
  // One of each first: what a size needs once (code, buffers of a pool) is no leak of it.
  const all = stages.flatMap(({ arms }) => arms);
  return [
    {
      ...work('warm-up', 'small requests, until code is warm', smallArms, warmUpRequests),
      ...once,
    },
    { ...work('warm-up', 'each size once', all, 2 * all.length), ...once },
    {
      ...work('baseline', 'small requests', smallArms, Math.ceil(warmUpRequests / 10)),
      maxCycles: 2,
    },
    ...stages.map(({ phase, title, arms, requests }) => work(phase, title, arms, requests)),
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: restSeconds,
      levelCount: 2,
    },
  ];
}
