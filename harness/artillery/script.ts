// A scenario's load as a script for Artillery: one phase of it, with the same kinds of requests in
// the same shares, sent by the same number of users, or at the same rate.

import { stringify } from 'yaml';
import type { Arm } from '../load/workload.ts';
import type {
  ArmsPhase,
  CyclesPhase,
  LoadPhase,
  MonitorPhase,
  Phase,
  Scale,
  Scenario,
} from '../scenario.ts';

export interface ScriptOptions {
  readonly scale: Scale;
  readonly seed: number;
  /** The one that is judged unless given. */
  readonly phase?: string;
}

type Working = CyclesPhase | ArmsPhase | LoadPhase | MonitorPhase;

/** Throws with the phases there are when the named one is none of them. */
export function artilleryScript(
  scenario: Scenario,
  { scale, seed, phase: wanted }: ScriptOptions,
): string {
  const working = scenario.phases(scale).filter(isWorking);
  const names = [...new Set(working.map(({ name }) => name))];
  const usual = names.includes('stress') ? 'stress' : names.at(-1);
  const phase = working.find(({ name }) => name === (wanted ?? usual));
  if (phase === undefined) {
    throw new RangeError(
      `Cannot write phase "${wanted}" of ${scenario.id}: it sends nothing. Known: ${names.join(', ')}.`,
    );
  }
  const { arrivals, flow } = loadOf(phase);
  const script = {
    config: {
      target: 'http://127.0.0.1:8080',
      engines: { leakbed: { seed } },
      phases: [{ name: phase.name, ...arrivals }],
    },
    scenarios: [{ name: scenario.id, engine: 'leakbed', flow }],
  };
  const head = [
    `# ${scenario.id}, ${phase.name}: ${phase.title}.`,
    '# Run it with `artillery run FILE`; the engine is the package artillery-engine-leakbed.',
  ];
  return `${head.join('\n')}\n${stringify(script)}`;
}

const isWorking = (phase: Phase): phase is Working =>
  ['cycles', 'arms', 'load', 'monitor'].includes(phase.kind);

/** Users that ask again and again, or arrivals that ask once. */
function loadOf(phase: Working): { readonly arrivals: object; readonly flow: readonly object[] } {
  const request = requestOf(phase.arms);
  if (phase.kind === 'load' || phase.kind === 'monitor') {
    const { seconds: duration, ratePerSecond, maxInFlight: maxVusers } = phase;
    // As a count: Artillery takes no fraction of an arrival per second.
    const arrivalCount = Math.round(ratePerSecond * duration);
    return { arrivals: { duration, arrivalCount, maxVusers }, flow: [request] };
  }
  const { userCount } = phase;
  // A leak experiment often ends sooner; this is what it sends at most.
  const count = Math.ceil(requestsAtMost(phase) / userCount);
  return { arrivals: { duration: 1, arrivalCount: userCount }, flow: [{ loop: [request], count }] };
}

function requestsAtMost(phase: CyclesPhase | ArmsPhase): number {
  const mean = ([low, high]: readonly [number, number]) => (low + high) / 2;
  if (phase.kind === 'cycles') return phase.maxCycles * mean(phase.requestsPerCycle);
  return phase.search.maxCycles * mean(phase.requestsPerArm) * phase.arms.length;
}

function requestOf(arms: readonly Arm[]): object {
  const steps = arms.map((arm) => {
    const { kind, name, weight, isStreamed: _, ...about } = arm.data ?? {};
    return { [String(kind)]: about, name, weight };
  });
  const [only] = steps;
  return steps.length === 1 && only !== undefined ? only : { mix: steps };
}
