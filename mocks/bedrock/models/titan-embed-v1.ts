// Amazon Titan Embeddings G1 - Text: one text, 1536 dimensions.
// Source: Bedrock user guide, "Amazon Titan Embeddings Text models".

import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema } from './malformed.ts';
import { embeddingOf } from './vector.ts';

const usualDimensions = 1536;

export const titanEmbedV1: ModelFamily = {
  name: 'titan-embed-text-v1',
  isEmbedding: true,
  matches: ({ vendor, name, raw }) =>
    vendor === 'amazon' &&
    ((name === 'titan-embed-text' && !raw.includes('-v2')) || name.startsWith('titan-embed-g1')),
  looksLike: () => false,
  read(body, model) {
    checkSchema(body, { inputText: { required: true, type: 'String', min: 1, max: 50_000 } });
    const text = String(body.inputText);
    const inputTokens = tokensOf(text.length);
    return {
      prompt: text,
      inputTokens,
      answer: ({ settings }) =>
        createBodyCodec(() => ({
          embedding: embeddingOf(model.name, text, settings.dims || usualDimensions),
          inputTextTokenCount: inputTokens,
        })),
    };
  },
};
