// Cohere Embed v4: texts, images or inputs that mix both; vectors always by type.
// Source: Bedrock user guide, "Cohere Embed v4".

import { ProviderError } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import { isObject, type JsonObject } from '../constraints.ts';
import { randomUuid } from '../identifiers.ts';
import { embeddingTypes } from './cohere-embed.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema, type Schema } from './malformed.ts';
import { embeddingOf, quantized } from './vector.ts';

const most = 96;
const texts: Schema = { type: 'JSONArray', min: 1, max: most, items: { type: 'String', min: 1 } };

const schema: Readonly<Record<string, Schema>> = {
  texts,
  images: texts,
  inputs: { type: 'JSONArray', min: 1, max: most, items: { type: 'JSONObject' } },
  input_type: {
    required: true,
    type: 'String',
    values: ['search_document', 'search_query', 'classification', 'clustering', 'image'],
  },
  embedding_types: { type: 'JSONArray', items: { type: 'String', values: embeddingTypes } },
  output_dimension: { type: 'Integer', values: [256, 512, 1024, 1536] },
  max_tokens: { type: 'Integer', min: 1, max: 128_000 },
  truncate: { type: 'String', values: ['NONE', 'START', 'END', 'LEFT', 'RIGHT'] },
};

export const cohereEmbedV4: ModelFamily = {
  name: 'cohere-embed-v4',
  isEmbedding: true,
  // The version suffix `-v4` is not part of a model's name.
  matches: ({ vendor, raw }) => vendor === 'cohere' && /embed-v4(:|$)/.test(raw),
  looksLike: (body) => 'output_dimension' in body,
  read(body, model) {
    checkSchema(body, schema);
    const inputs = inputsOf(body);
    const types = (body.embedding_types as readonly string[] | undefined) ?? ['float'];
    const asked = Number(body.output_dimension ?? 1536);
    const given = Array.isArray(body.texts) ? { texts: body.texts } : {};
    return {
      prompt: inputs.join('\n'),
      inputTokens: inputs.reduce((sum, input) => sum + tokensOf(input.length), 0),
      answer: ({ settings, rng }) =>
        createBodyCodec(() => {
          const dimensions = settings.dims || asked;
          const vectors = inputs.map((input) => embeddingOf(model.name, input, dimensions));
          const byType = types.map((type) => [
            type,
            vectors.map((vector) => quantized(vector, type)),
          ]);
          return {
            embeddings: Object.fromEntries(byType),
            id: randomUuid(rng.fork('id')),
            response_type: 'embeddings_by_type',
            ...given,
          };
        }),
    };
  },
};

/** What each vector stands for; exactly one of the three lists must be given. */
function inputsOf({ texts: ofText, images, inputs }: JsonObject): readonly string[] {
  const given = [ofText, images, inputs].filter(Array.isArray);
  if (given.length !== 1) {
    throw new ProviderError(
      'validation',
      'Malformed input request: exactly one of texts, images or inputs must be provided.',
    );
  }
  return (given[0] ?? []).map((input: unknown) => {
    if (typeof input === 'string') return input;
    const content = isObject(input) && Array.isArray(input.content) ? input.content : [];
    return content.map((part: unknown) => textOf(part)).join('\n');
  });
}

function textOf(part: unknown): string {
  if (!isObject(part)) return '';
  return typeof part.text === 'string' ? part.text : JSON.stringify(part.image_url ?? '');
}
