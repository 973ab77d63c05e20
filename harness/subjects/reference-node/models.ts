// The models that this gateway offers: public name, provider and kind. Names are the providers'
// own, so a client can tell at once where a request goes.

import { GatewayError } from './gateway-error.ts';

export type ProviderName = 'bedrock' | 'vertex';
export type ModelKind = 'chat' | 'embedding';

export interface Model {
  readonly id: string;
  readonly provider: ProviderName;
  readonly kind: ModelKind;
}

export const models: readonly Model[] = [
  { id: 'us.anthropic.claude-sonnet-4-20250514-v1:0', provider: 'bedrock', kind: 'chat' },
  { id: 'amazon.nova-lite-v1:0', provider: 'bedrock', kind: 'chat' },
  { id: 'amazon.titan-embed-text-v2:0', provider: 'bedrock', kind: 'embedding' },
  { id: 'cohere.embed-english-v3', provider: 'bedrock', kind: 'embedding' },
  { id: 'cohere.embed-multilingual-v3', provider: 'bedrock', kind: 'embedding' },
  { id: 'gemini-2.5-flash', provider: 'vertex', kind: 'chat' },
  { id: 'gemini-2.5-pro', provider: 'vertex', kind: 'chat' },
  { id: 'text-embedding-005', provider: 'vertex', kind: 'embedding' },
];

export function findModel(id: string, kind: ModelKind): Model {
  const model = models.find((known) => known.id === id && known.kind === kind);
  if (model !== undefined) return model;
  const known = models.filter((other) => other.kind === kind).map((other) => other.id);
  throw new GatewayError(
    404,
    'model_not_found',
    `Cannot use model "${id}" for ${kind}: there is none. Known: ${known.join(', ')}.`,
  );
}
