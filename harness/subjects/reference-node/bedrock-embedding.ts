// The two families of embedding models on Bedrock: Titan takes one text a call, Cohere 96.
// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html and
// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html

import type { Embeddings } from './core.ts';
import type { EmbeddingBatches } from './embedding-batches.ts';
import { providerError } from './gateway-error.ts';

interface Splitting {
  readonly batches: EmbeddingBatches;
  readonly textsPerCall: number | undefined;
}

type Invoke = (body: object) => Promise<Readonly<Record<string, unknown>>>;

/** Titan calls in flight at once for one request: each one is a connection of its own. */
const titanParallel = 8;
const cohereTexts = 96;

export function bedrockEmbedding(
  model: string,
  texts: readonly string[],
  { batches, textsPerCall }: Splitting,
  invoke: Invoke,
): Promise<Embeddings> {
  return model.startsWith('amazon.titan')
    ? batches.run(texts, titanParallel, (batch) => titan(batch, invoke), textsPerCall)
    : batches.run(texts, cohereTexts, (batch) => cohere(batch, invoke), textsPerCall);
}

async function titan(texts: readonly string[], invoke: Invoke): Promise<Embeddings> {
  const answers = await Promise.all(texts.map((inputText) => invoke({ inputText })));
  return {
    vectors: answers.map(({ embedding }) => vector(embedding)),
    inputTokens: answers.reduce((sum, answer) => sum + Number(answer.inputTextTokenCount ?? 0), 0),
  };
}

/** Cohere's body carries no token count; four characters a token is the usual estimate. */
async function cohere(texts: readonly string[], invoke: Invoke): Promise<Embeddings> {
  const answer = await invoke({ texts, input_type: 'search_document', truncate: 'END' });
  if (!Array.isArray(answer.embeddings)) throw malformed();
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return { vectors: answer.embeddings.map(vector), inputTokens: Math.ceil(characters / 4) };
}

function vector(value: unknown): number[] {
  if (Array.isArray(value)) return value as number[];
  throw malformed();
}

const malformed = () =>
  providerError(502, 'provider_malformed', 'Cannot read the embedding: it holds no vector.');
