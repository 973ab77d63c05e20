// Amazon Titan Multimodal Embeddings G1: a text, an image or both; 1024, 384 or 256 dimensions.
// Source: Bedrock user guide, "Amazon Titan Multimodal Embeddings G1".

import { ProviderError } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import { objectOf } from '../constraints.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema, type Schema } from './malformed.ts';
import { embeddingOf } from './vector.ts';

const schema = {
  inputText: { type: 'String', min: 1, max: 100_000 },
  inputImage: { type: 'String', min: 1, max: 35_000_000 },
  embeddingConfig: {
    type: 'JSONObject',
    members: { outputEmbeddingLength: { type: 'Integer', values: [256, 384, 1024] } },
  },
} as const satisfies Record<string, Schema>;

export const titanEmbedImage: ModelFamily = {
  name: 'titan-embed-image',
  isEmbedding: true,
  matches: ({ vendor, name }) => vendor === 'amazon' && name === 'titan-embed-image',
  looksLike: (body) => 'inputImage' in body,
  read(body, model) {
    checkSchema(body, schema);
    const { inputText = '', inputImage = '' } = body;
    if (inputText === '' && inputImage === '') {
      const hint = 'Either inputText or inputImage must be provided.';
      throw new ProviderError('validation', `Malformed input request: ${hint}`);
    }
    const text = String(inputText);
    const inputTokens = tokensOf(text.length);
    const asked = Number(objectOf(body.embeddingConfig).outputEmbeddingLength ?? 1024);
    return {
      prompt: text,
      inputTokens,
      answer: ({ settings }) =>
        createBodyCodec(() => ({
          embedding: embeddingOf(model.name, `${text}${inputImage}`, settings.dims || asked),
          inputTextTokenCount: inputTokens,
          message: null,
        })),
    };
  },
};
