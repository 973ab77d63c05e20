// Cohere Embed v3 (`cohere.embed-english-v3`, `cohere.embed-multilingual-v3`): up to 96 texts.
// Source: Bedrock user guide, "Cohere Embed and Cohere Command models".

import type { Codec } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import { randomUuid } from '../identifiers.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema, type Schema } from './malformed.ts';
import { embeddingOf, quantized } from './vector.ts';

export const embeddingTypes = ['float', 'int8', 'uint8', 'binary', 'ubinary'];
const usualDimensions = 1024;

const schema = {
  texts: {
    required: true,
    type: 'JSONArray',
    min: 1,
    max: 96,
    items: { type: 'String', min: 1, max: 2048 },
  },
  input_type: {
    required: true,
    type: 'String',
    values: ['search_document', 'search_query', 'classification', 'clustering'],
  },
  truncate: { type: 'String', values: ['NONE', 'START', 'END', 'LEFT', 'RIGHT'] },
  embedding_types: { type: 'JSONArray', items: { type: 'String', values: embeddingTypes } },
} as const satisfies Record<string, Schema>;

export const cohereEmbed: ModelFamily = {
  name: 'cohere-embed-v3',
  isEmbedding: true,
  matches: ({ vendor, raw }) => vendor === 'cohere' && /embed-[a-z]+-v3(:|$)/.test(raw),
  looksLike: (body) => 'texts' in body,
  read(body, model) {
    checkSchema(body, schema);
    const texts = body.texts as readonly string[];
    const types = (body.embedding_types as readonly string[] | undefined) ?? [];
    const inputTokens = texts.reduce((sum, text) => sum + tokensOf(text.length), 0);
    return {
      prompt: texts.join('\n'),
      inputTokens,
      answer: (script) =>
        answerCodec(texts, types, model.name, script.settings.dims || usualDimensions, () =>
          randomUuid(script.rng.fork('id')),
        ),
    };
  },
};

function answerCodec(
  texts: readonly string[],
  types: readonly string[],
  model: string,
  dimensions: number,
  id: () => string,
): Codec {
  return createBodyCodec(() => {
    const vectors = texts.map((text) => embeddingOf(model, text, dimensions));
    const byType = types.map((type) => [type, vectors.map((vector) => quantized(vector, type))]);
    return {
      embeddings: types.length === 0 ? vectors : Object.fromEntries(byType),
      id: id(),
      response_type: types.length === 0 ? 'embeddings_floats' : 'embeddings_by_type',
      texts: texts.map((text) => text.toLowerCase()),
    };
  });
}
