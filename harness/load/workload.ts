// What to ask: a weighted mix of request kinds ("arms"). Request number n is a function of the
// seed and n alone, so a run asks the same questions whatever order the answers come in.

import type { Rng } from '../../injectors/determinism.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** A question of a provider, or the list of models. */
export type Asked =
  | 'models'
  | {
      readonly provider: 'bedrock' | 'vertex';
      readonly kind: 'chat' | 'stream' | 'embeddings';
    };

/** One kind of work; its name is what rows and verdicts carry, for instance "bedrock/aborted". */
export interface Arm {
  readonly name: string;
  /** Share of the mix, relative to the other arms. */
  readonly weight: number;
  /** The client fault that its requests carry, in words; shown as a window, not per request. */
  readonly clientFault?: string;
  /** What it asks, so that a gateway without it can be spared. */
  readonly asks?: Asked;
  /** What it was made of, for a script of another tool that makes it again. */
  readonly data?: Readonly<Record<string, unknown>>;
  make(rng: Rng, seq: number): GatewayRequest;
}

export interface WorkItem {
  readonly arm: string;
  readonly request: GatewayRequest;
}

/** Item number `seq` of the mix. */
export type Workload = (seq: number) => WorkItem;

export function mix(arms: readonly Arm[], rng: Rng): Workload {
  const problems = armProblems(arms);
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  let total = 0;
  const slices = arms.map((arm) => {
    total += arm.weight;
    return { arm, end: total };
  });
  return (seq) => {
    const own = rng.fork(`request ${seq}`);
    const point = own.next() * total;
    const arm = slices.find(({ end }) => point < end)?.arm;
    if (arm === undefined) throw new RangeError(`Cannot find an arm at ${point} of ${total}.`);
    return { arm: arm.name, request: arm.make(own, seq) };
  };
}

function armProblems(arms: readonly Arm[]): string[] {
  const names = arms.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(arms.length === 0 ? ['Cannot mix no arms: give at least one.'] : []),
    ...twice.map((name) => `Cannot mix arm "${name}" twice: give each its own name.`),
    ...arms
      .filter(({ weight }) => !(weight > 0 && weight < Number.POSITIVE_INFINITY))
      .map(({ name, weight }) => `Cannot give arm "${name}" weight ${weight}: it must be above 0.`),
  ];
}
