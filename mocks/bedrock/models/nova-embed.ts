// Amazon Nova Multimodal Embeddings: one text, image, audio or video; 256 to 3072 dimensions.
// Source: Nova user guide, "Nova Embeddings schema".

import { tokensOf } from '../../script/text.ts';
import { createBodyCodec } from '../body-codec.ts';
import { isObject, type JsonObject, objectOf } from '../constraints.ts';
import type { ModelFamily } from './family.ts';
import { checkSchema, malformed, type Schema } from './malformed.ts';
import { embeddingOf } from './vector.ts';

const schema: Readonly<Record<string, Schema>> = {
  schemaVersion: { type: 'String', values: ['nova-multimodal-embed-v1'] },
  taskType: { required: true, type: 'String', values: ['SINGLE_EMBEDDING'] },
  singleEmbeddingParams: {
    required: true,
    type: 'JSONObject',
    members: {
      embeddingPurpose: {
        required: true,
        type: 'String',
        values: [
          'GENERIC_INDEX',
          'GENERIC_RETRIEVAL',
          'TEXT_RETRIEVAL',
          'IMAGE_RETRIEVAL',
          'VIDEO_RETRIEVAL',
          'DOCUMENT_RETRIEVAL',
          'AUDIO_RETRIEVAL',
          'CLASSIFICATION',
          'CLUSTERING',
        ],
      },
      embeddingDimension: { type: 'Integer', values: [256, 384, 1024, 3072] },
      text: {
        type: 'JSONObject',
        members: {
          value: { type: 'String', min: 1, max: 50_000 },
          source: { type: 'JSONObject' },
          truncationMode: { required: true, type: 'String', values: ['START', 'END', 'NONE'] },
        },
      },
      image: { type: 'JSONObject' },
      audio: { type: 'JSONObject' },
      video: { type: 'JSONObject' },
    },
  },
};

const modalities = ['text', 'image', 'audio', 'video'] as const;

export const novaEmbed: ModelFamily = {
  name: 'nova-embed',
  isEmbedding: true,
  matches: ({ vendor, name }) => vendor === 'amazon' && /^nova-.*embeddings/.test(name),
  looksLike: (body) => 'singleEmbeddingParams' in body,
  read(body, model) {
    checkSchema(body, schema);
    const params = objectOf(body.singleEmbeddingParams);
    const { modality, input } = inputOf(params);
    const asked = Number(params.embeddingDimension ?? 3072);
    const inputTokens = tokensOf(modality === 'text' ? input.length : 0);
    return {
      prompt: modality === 'text' ? input : '',
      inputTokens,
      answer: ({ settings }) =>
        createBodyCodec(() => ({
          embeddings: [
            {
              embeddingType: modality.toUpperCase(),
              embedding: embeddingOf(model.name, input, settings.dims || asked),
            },
          ],
        })),
    };
  },
};

function inputOf(params: JsonObject): { modality: (typeof modalities)[number]; input: string } {
  const given = modalities.filter((modality) => isObject(params[modality]));
  const [modality] = given;
  if (modality === undefined || given.length > 1) {
    throw malformed([
      `#/singleEmbeddingParams: exactly one of [${modalities.join(', ')}] is required`,
    ]);
  }
  const value = objectOf(params[modality]);
  const input = typeof value.value === 'string' ? value.value : JSON.stringify(value);
  return { modality, input };
}
