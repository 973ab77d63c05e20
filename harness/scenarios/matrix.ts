// The matrix as a scenario: one cell after the other in one gateway process. Made for the cells
// that are still to be measured, and read back from its record by checkers/matrix-cells.ts.

import { placeOf } from '../../injectors/family.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { matrixChecker } from '../checkers/matrix.ts';
import {
  type CellKey,
  cellExperiment,
  cellPhase,
  cellWarmUp,
  matrixId,
} from '../checkers/matrix-cells.ts';
import type { Arm } from '../load/workload.ts';
import type { Phase, Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';

/**
 * A client leaves after four times what an undisturbed stream takes on this machine, or this; a
 * fault that hangs would otherwise hold its cell for minutes.
 */
const leastPatienceMs = 400;
const mostPatienceMs = 2_000;
/** For an answer that nothing disturbs. */
const longPatienceMs = 5_000;
const userCount = 12;
const requestsPerCycle = [16, 24] as const;
const warmUpRequests = 600;
/** Undecided cells go on to four times this, and where clients wait long, to 48 times that. */
const leastSeconds = 8;
/** A client library may wait for seconds before it opens a connection again. */
const recoverySeconds = 40;

/** `slowestMs`: of undisturbed streams, as many at once as a cell has. */
export function matrixScenario(cells: readonly CellKey[], slowestMs: number): Scenario {
  const patienceMs = Math.round(Math.min(mostPatienceMs, Math.max(leastPatienceMs, 4 * slowestMs)));
  return {
    id: matrixId,
    title: `${cells.length} cells: each fault on each provider and transport`,
    covers: [],
    description:
      'One gateway process meets one fault after the other. Each cell is a leak experiment of its ' +
      `own, of cycles of 16 to 24 streams whose client leaves after ${patienceMs} ms, and ends as ` +
      'soon as its levels suffice. V8 compiles nothing anew meanwhile, so latencies compare with ' +
      'each other and not with those of a gateway in production.',
    expectation: 'Whatever fault a request meets, nothing of it is kept once it is over.',
    needs: ['procfs'],
    steadyCompiler: true,
    isDiagnosed: false,
    phases: () => [...warmUp(cells), ...cells.flatMap((cell) => cellPhases(cell, patienceMs))],
    checkers: () => [matrixChecker],
  };
}

function warmUp(cells: readonly CellKey[]): readonly Phase[] {
  const providers = new Set(cells.map(({ provider }) => provider));
  return [
    {
      kind: 'cycles',
      name: 'warm-up',
      title: 'undisturbed streams, until caches and code are warm',
      arms: matrixArms().filter(({ name }) => providers.has(name)),
      userCount,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
      maxSeconds: 60,
      experiment: null,
    },
  ];
}

function cellPhases(cell: CellKey, patienceMs: number): readonly Phase[] {
  const provider = cell.provider as ProviderName;
  const fault = parseFaultWords(cell.fault);
  const [planned] = bindFaults([fault]).planned;
  const maxSeconds = Math.max(leastSeconds, (12 * patienceMs) / 1000);
  const isOfClient = planned !== undefined && placeOf(planned.bound.family) === 'load';
  const arm = isOfClient
    ? misbehaving(cell.fault, provider)
    : impatient(cell.fault, provider, patienceMs);
  const work = {
    kind: 'cycles',
    arms: [arm],
    userCount,
    ...(!isOfClient && { faults: [fault] }),
  } as const;
  return [
    {
      ...work,
      name: cellPhase(cell, 'warmUp'),
      title: planned?.bound.explain() ?? cell.fault,
      requestsPerCycle: [cellWarmUp, cellWarmUp],
      maxCycles: 1,
      maxSeconds,
      experiment: null,
    },
    {
      ...work,
      name: cellPhase(cell, 'fault'),
      title: 'does it leak?',
      requestsPerCycle,
      maxCycles: 30,
      maxSeconds,
      experiment: cellExperiment,
    },
    {
      kind: 'answer',
      name: cellPhase(cell, 'healed'),
      title: 'until the gateway answers again',
      arms: [undisturbed(provider)],
      maxSeconds: recoverySeconds,
    },
  ];
}

/** An undisturbed stream of each provider. */
export function matrixArms(): readonly Arm[] {
  return (['bedrock', 'vertex'] as const).map((provider) => undisturbed(provider));
}

function undisturbed(provider: ProviderName): Arm {
  return impatient(provider, provider, longPatienceMs);
}

/** Impatience is no fault of the matrix, so it is not journalled as one. */
function impatient(name: string, provider: ProviderName, limitMs: number): Arm {
  const words = { chunks: 8, bytes: 32 };
  const { clientFault: _, ...arm } = streamArm(name, provider, words, `abort;after=${limitMs}ms`);
  return arm;
}

/** The answer takes its time, or the gateway would be done before its client does a thing. */
function misbehaving(fault: string, provider: ProviderName): Arm {
  return streamArm(fault, provider, { chunks: 40, bytes: 32, gap: '3ms' }, fault);
}

function streamArm(
  name: string,
  provider: ProviderName,
  words: ChatArm['words'],
  clientFault: string,
): Arm {
  return chatArm({ name, provider, weight: 1, isStreamed: true, words, clientFault });
}
