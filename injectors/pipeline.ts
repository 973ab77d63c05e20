// Builds the chain of faults for one stream. Encoding sits in the middle:
//
//   events ─► script stages ─► encode ─► wire stages ─► transport
//
// Each fault gets a sub-stream of the seed that depends on its place in the plan alone.

import type { Rng } from './determinism.ts';
import type { BoundFault, StageContext } from './injector.ts';
import type { PlannedFault } from './plan.ts';
import type {
  AnswerRole,
  EventStream,
  FrameStream,
  Framing,
  ResponseHead,
  TransportName,
} from './stream.ts';

export interface StreamFacts {
  readonly totalEvents: number;
  readonly transport: TransportName;
  readonly framing: Framing;
  /** Absent: an answer like others, with a head of its own. */
  readonly role?: AnswerRole | undefined;
  /** Sub-stream of the seed for this one stream. */
  readonly rng: Rng;
  /** Called when a fault really acted. */
  note(fault: string, what: string): void;
}

/**
 * Runs `events` through every fault's stages around `encode`, in plan order. A fault that cannot be
 * on this transport or in this framing is left out, and the journal says why.
 */
export function disturb(
  events: EventStream,
  encode: (events: EventStream) => FrameStream,
  faults: readonly PlannedFault[],
  facts: StreamFacts,
): FrameStream {
  const contexts = faults.map(({ bound }, index) => {
    const reason = exclusion(bound, facts);
    if (reason === undefined) return stageContext(bound.name, index, facts);
    facts.note(bound.name, `does not apply because ${reason}`);
    return undefined;
  });
  let disturbedEvents = events;
  faults.forEach(({ bound }, index) => {
    const context = contexts[index];
    if (bound.script && context) disturbedEvents = bound.script(disturbedEvents, context);
  });
  let frames = encode(disturbedEvents);
  faults.forEach(({ bound }, index) => {
    const context = contexts[index];
    if (bound.wire && context) frames = bound.wire(frames, context);
  });
  return frames;
}

/** The head of the same answer through every fault that has something to say about heads. */
export function disturbHead(
  given: ResponseHead,
  faults: readonly PlannedFault[],
  facts: StreamFacts,
): ResponseHead {
  return faults.reduce((head, { bound }, index) => {
    if (bound.head === undefined || exclusion(bound, facts) !== undefined) return head;
    return bound.head(head, stageContext(`${bound.name}:head`, index, facts, bound.name));
  }, given);
}

/** Why a fault cannot be in such an answer; undefined when it can. */
export function exclusion(
  { notOn }: Pick<BoundFault, 'notOn'>,
  { transport, framing, role }: Pick<StreamFacts, 'transport' | 'framing' | 'role'>,
): string | undefined {
  return notOn[transport] ?? notOn[framing] ?? (role && notOn[role]);
}

function stageContext(
  name: string,
  index: number,
  facts: StreamFacts,
  fault: string = name,
): StageContext {
  return {
    rng: facts.rng.fork(`${index}:${name}`),
    totalEvents: facts.totalEvents,
    transport: facts.transport,
    framing: facts.framing,
    note: (what) => facts.note(fault, what),
  };
}
