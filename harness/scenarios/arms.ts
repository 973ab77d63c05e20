// The kinds of work that scenarios mix: one place knows which models the providers are asked for.

import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { type DirectiveWords, prompt } from '../load/directive.ts';
import type { GatewayRequest } from '../load/gateway-request.ts';
import type { Arm, Asked } from '../load/workload.ts';

export const chatModels = {
  bedrock: 'us.anthropic.claude-sonnet-4-20250514-v1:0',
  vertex: 'gemini-2.5-flash',
} as const;

export const embeddingModels = {
  bedrock: 'amazon.titan-embed-text-v2:0',
  vertex: 'text-embedding-005',
} as const;

export type ProviderName = keyof typeof chatModels;

interface AnyArm {
  readonly name: string;
  readonly weight: number;
  /** What the client does to the exchange: `abort;at=3`. */
  readonly clientFault?: string;
  /** Different requests that it makes; no two are alike unless given. */
  readonly requestCount?: number;
}

interface ProviderArm extends AnyArm {
  readonly provider: ProviderName;
  /** What the fake provider is to answer. */
  readonly words: DirectiveWords;
}

export interface ChatArm extends ProviderArm {
  readonly isStreamed: boolean;
  /** The provider's usual one unless given. */
  readonly model?: string;
  /** What the prompt begins with, before its own number. */
  readonly question?: string;
  /** The question is filled up to so many bytes. */
  readonly promptBytes?: number;
}

export function chatArm(arm: ChatArm): Arm {
  const { provider, isStreamed, words, model = chatModels[provider], promptBytes = 0 } = arm;
  const { question = 'Question' } = arm;
  const asks = { provider, kind: isStreamed ? 'stream' : 'chat' } as const;
  return armOf(arm, asks, (ownNumber) => ({
    kind: 'chat',
    provider,
    model,
    prompt: prompt(`${question} ${ownNumber}${filler(promptBytes)}`, words),
    isStreamed,
    ...(typeof words.chunks === 'number' && { expectedEventCount: words.chunks }),
  }));
}

export interface EmbeddingsArm extends ProviderArm {
  /** The provider's usual one unless given. */
  readonly model?: string;
  /** Of several, one after the other. */
  readonly textCount: number | readonly number[];
  /** Left to the gateway unless given. */
  readonly textsPerCall?: number;
}

export function embeddingsArm(arm: EmbeddingsArm): Arm {
  const { provider, words, model = embeddingModels[provider], textCount, textsPerCall } = arm;
  // Each text may become a call of its own, so each one carries the words.
  const text = (place: string) => prompt(`Text ${place}`, words);
  const counts = [textCount].flat();
  return armOf(arm, { provider, kind: 'embeddings' }, (ownNumber, seq) => ({
    kind: 'embeddings',
    provider,
    model,
    input: Array.from({ length: counts[seq % counts.length] ?? 1 }, (_, index) =>
      text(`${ownNumber}.${index}`),
    ),
    ...(textsPerCall !== undefined && { textsPerCall }),
  }));
}

/** The list of models, which the gateway answers by itself. */
export function modelsArm(arm: AnyArm): Arm {
  return armOf(arm, 'models', () => ({ kind: 'models' }));
}

/** Plain text of about so many bytes. */
function filler(bytes: number): string {
  const words = ' The quick brown fox jumps over the lazy dog.';
  return words.repeat(Math.ceil(bytes / words.length)).slice(0, bytes);
}

export const armKinds = ['chat', 'stream', 'embeddings', 'models'] as const;

/** An arm as plain data, as a script of Artillery has it. */
export type ArmData =
  | (Omit<ChatArm, 'isStreamed'> & { readonly kind: 'chat' | 'stream' })
  | (EmbeddingsArm & { readonly kind: 'embeddings' })
  | (AnyArm & { readonly kind: 'models' });

export function armOfData(data: ArmData): Arm {
  switch (data.kind) {
    case 'chat':
    case 'stream':
      return chatArm({ ...data, isStreamed: data.kind === 'stream' });
    case 'embeddings':
      return embeddingsArm(data);
    case 'models':
      return modelsArm(data);
    default:
      return data satisfies never;
  }
}

/** A number makes each request its own, so that nothing between can be cached. */
function armOf(
  arm: AnyArm,
  asks: Asked,
  make: (ownNumber: number, seq: number) => GatewayRequest,
): Arm {
  const { name, weight, clientFault, requestCount = 1_000_000_000 } = arm;
  const bound = bindFaults(clientFault === undefined ? [] : [parseFaultWords(clientFault)]);
  if (bound.problems.length > 0) throw new Error(bound.problems.join(' '));
  const faults = bound.planned.map((planned) => planned.bound);
  return {
    name,
    weight,
    asks,
    ...(clientFault !== undefined && { clientFault }),
    data: { ...arm, kind: typeof asks === 'string' ? asks : asks.kind },
    make: (rng, seq) => ({
      ...make(rng.integer(1, requestCount), seq),
      ...(faults.length > 0 && { faults }),
    }),
  };
}
