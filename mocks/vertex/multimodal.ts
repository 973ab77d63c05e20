// Multimodal embeddings: text, image and video of one instance, each with vectors of its own.
// Source: multimodal embeddings API page.

import { ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import type { EmbeddingModel } from './embedding-models.ts';
import type { EmbeddingInput } from './embedding-request.ts';
import { type Fields, fieldsOf, listOf } from './json.ts';
import { unitVector } from './unit-vector.ts';

const sizes = [128, 256, 512, 1408];
const kinds = ['text', 'image', 'video'] as const;
/** The service cuts a video into segments of this length, when not told otherwise. */
const segmentSeconds = 16;

export function readMultimodal(request: Fields, _model: EmbeddingModel): EmbeddingInput {
  const instances = listOf(request('instances'));
  if (instances.length === 0) throw invalid('Empty instances.');
  for (const instance of instances) {
    const fields = fieldsOf(instance);
    if (!kinds.some((kind) => fields?.(kind) !== undefined)) {
      throw invalid('Must provide at least one of text, image, or video in the instance.');
    }
  }
  const texts = instances.flatMap((instance) => {
    const text = fieldsOf(instance)?.('text');
    return typeof text === 'string' ? [text] : [];
  });
  const dimension = fieldsOf(request('parameters'))?.('dimension');
  if (dimension !== undefined && !sizes.includes(Number(dimension))) {
    throw invalid(`Invalid dimension: ${dimension}. Supported are ${sizes.join(', ')}.`);
  }
  return {
    texts,
    inputTokens: texts.reduce((sum, text) => sum + tokensOf(text.length), 0),
    ...(dimension !== undefined && { dimensions: Number(dimension) }),
  };
}

export function multimodalPredictions(instances: readonly unknown[], dimensions: number): object {
  const vector = (value: unknown) => unitVector(JSON.stringify(value), dimensions);
  const predictions = instances.map((instance) => {
    const [text, image, video] = kinds.map((kind) => fieldsOf(instance)?.(kind));
    const segment = { startOffsetSec: 0, endOffsetSec: segmentSeconds };
    return {
      ...(text !== undefined && { textEmbedding: vector(text) }),
      ...(image !== undefined && { imageEmbedding: vector(image) }),
      ...(video !== undefined && { videoEmbeddings: [{ ...segment, embedding: vector(video) }] }),
    };
  });
  return { predictions, deployedModelId: '2345678901234567890' };
}

function invalid(message: string): ProviderError {
  return new ProviderError('INVALID_ARGUMENT', message);
}
