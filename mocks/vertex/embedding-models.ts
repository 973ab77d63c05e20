// The embedding models as a table: which call serves them, sizes and limits. A new one is a row.
// Source: text and multimodal embeddings API pages; the number of instances gemini-embedding-001
// takes has been reported as 1 and as 250, so scripts may set it (`instances`).

import { ProviderError } from '../provider.ts';
import { modelNotFound } from './gemini-request.ts';
import { parseResource } from './path.ts';

export interface EmbeddingModel {
  readonly id: string;
  readonly kind: 'text' | 'multimodal' | 'content';
  readonly dimensions: number;
  readonly maxInstances: number;
}

type Row = Omit<EmbeddingModel, 'id'> & { readonly pattern: RegExp };

const rows: readonly Row[] = [
  text(/^text-embedding-00[45]$/, 768, 250),
  text(/^text-multilingual-embedding-002$/, 768, 250),
  text(/^textembedding-gecko(-multilingual)?(@.+)?$/, 768, 5),
  text(/^gemini-embedding-001$/, 3072, 250),
  { pattern: /^gemini-embedding-/, kind: 'content', dimensions: 3072, maxInstances: 1 },
  { pattern: /^multilingual-e5-small-.*maas$/, kind: 'content', dimensions: 384, maxInstances: 1 },
  { pattern: /maas/, kind: 'content', dimensions: 1024, maxInstances: 1 },
  { pattern: /^multimodalembedding/, kind: 'multimodal', dimensions: 1408, maxInstances: 1 },
];

function text(pattern: RegExp, dimensions: number, maxInstances: number): Row {
  return { pattern, kind: 'text', dimensions, maxInstances };
}

/** A tuned model behind an endpoint counts as text-embedding-005. */
export function embeddingModel(resourceName: string): EmbeddingModel {
  const resource = parseResource(resourceName);
  if (resource?.kind === 'endpoint') {
    return { id: resource.id, kind: 'text', dimensions: 768, maxInstances: 250 };
  }
  const id = resource?.id ?? '';
  const isMaas = id.includes('maas');
  const row = rows.find(({ pattern }) => pattern.test(id));
  if (row !== undefined && (resource?.publisher === 'google' || isMaas)) return { id, ...row };
  if (resource?.publisher === 'google' && id.startsWith('gemini-')) {
    const message = 'Gemini cannot be accessed through Vertex Predict/RawPredict API.';
    throw new ProviderError('INVALID_ARGUMENT', message);
  }
  throw modelNotFound(resourceName);
}
