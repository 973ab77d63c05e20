// Amazon Titan Text Embeddings V2: one text, 1024, 512 or 256 dimensions, float or binary.
// Source: Bedrock user guide, "Amazon Titan Embeddings Text models".

import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema, type Schema } from './malformed.ts';
import { embeddingOf } from './vector.ts';

const schema = {
  inputText: { required: true, type: 'String', min: 1, max: 50_000 },
  dimensions: { type: 'Integer', values: [256, 512, 1024] },
  normalize: { type: 'Boolean' },
  embeddingTypes: { type: 'JSONArray', items: { type: 'String', values: ['float', 'binary'] } },
} as const satisfies Record<string, Schema>;

export const titanEmbed: ModelFamily = {
  name: 'titan-embed-text-v2',
  isEmbedding: true,
  // The version suffix `-v2` is not part of a model's name.
  matches: ({ vendor, name, raw }) =>
    vendor === 'amazon' && name === 'titan-embed-text' && raw.includes('-v2'),
  looksLike: (body) => 'inputText' in body,
  read(body, model) {
    checkSchema(body, schema);
    const text = body.inputText as string;
    const inputTokens = tokensOf(text.length);
    const types = (body.embeddingTypes as readonly string[] | undefined) ?? ['float'];
    const asked = (body.dimensions as number | undefined) ?? 1024;
    return {
      prompt: text,
      inputTokens,
      answer: ({ settings }) =>
        createBodyCodec(() => {
          const vector = embeddingOf(model.name, text, settings.dims || asked);
          const byType = types.map((type) => [type, type === 'binary' ? signs(vector) : vector]);
          return {
            ...(types.includes('float') && { embedding: vector }),
            embeddingsByType: Object.fromEntries(byType),
            inputTextTokenCount: inputTokens,
          };
        }),
    };
  },
};

/** Titan does not pack its bits. */
function signs(vector: readonly number[]): number[] {
  return vector.map((value) => (value > 0 ? 1 : 0));
}
