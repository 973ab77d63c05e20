// The kinds of work that scenarios mix: one place knows which models the providers are asked for.

import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { type DirectiveWords, prompt } from '../load/directive.ts';
import type { Arm } from '../load/workload.ts';

export const chatModels = {
  bedrock: 'us.anthropic.claude-sonnet-4-20250514-v1:0',
  vertex: 'gemini-2.5-flash',
} as const;

export type ProviderName = keyof typeof chatModels;

export interface ChatArm {
  readonly name: string;
  readonly provider: ProviderName;
  readonly weight: number;
  readonly isStreamed: boolean;
  /** What the fake provider is to answer. */
  readonly words: DirectiveWords;
  /** What the client does to the exchange: `abort;at=3`. */
  readonly clientFault?: string;
}

export function chatArm({ clientFault, ...arm }: ChatArm): Arm {
  const bound = bindFaults(clientFault === undefined ? [] : [parseFaultWords(clientFault)]);
  if (bound.problems.length > 0) throw new Error(bound.problems.join(' '));
  const faults = bound.planned.map((planned) => planned.bound);
  return {
    name: arm.name,
    weight: arm.weight,
    asks: { provider: arm.provider, kind: arm.isStreamed ? 'stream' : 'chat' },
    ...(clientFault !== undefined && { clientFault }),
    make: (rng) => ({
      kind: 'chat',
      provider: arm.provider,
      model: chatModels[arm.provider],
      // A number makes each question its own, so that nothing between can be cached.
      prompt: prompt(`Question ${rng.integer(1, 1_000_000_000)}`, arm.words),
      isStreamed: arm.isStreamed,
      ...(typeof arm.words.chunks === 'number' && { expectedEventCount: arm.words.chunks }),
      ...(faults.length > 0 && { faults }),
    }),
  };
}
