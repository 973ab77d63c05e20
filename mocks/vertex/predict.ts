// predict: text and multimodal embeddings, and custom models behind endpoints. The script only
// gives the timing and, for custom models, the text.
// Source: text and multimodal embeddings API pages; prediction_service.proto.

import type { Call } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { embeddingModel } from './embedding-models.ts';
import { checkInstanceCount, maxTokensPerText, readEmbeddingInput } from './embedding-request.ts';
import { fieldsOf, listOf } from './json.ts';
import { multimodalPredictions, readMultimodal } from './multimodal.ts';
import { collectedAnswer, type VertexOperation } from './operation.ts';
import { parseResource } from './path.ts';
import type { Invocation } from './request.ts';
import { textsIn } from './tensor.ts';
import { unitVector } from './unit-vector.ts';

interface PredictCall extends Call {
  readonly instances: readonly unknown[];
  readonly maxInstances: number;
  /** `text` is what the model said, for those that say anything. */
  body(dimensions: number | undefined, text: string): object;
}

export const predict: VertexOperation<PredictCall> = {
  read(invocation) {
    const { resource, fields, method } = invocation;
    const instances = listOf(fields('instances'));
    const isCustom = parseResource(resource)?.kind === 'endpoint' && !instances.some(hasContent);
    if (isCustom && instances.length > 0) return readCustom(invocation, instances);
    const model = embeddingModel(resource);
    const read = model.kind === 'multimodal' ? readMultimodal : readEmbeddingInput;
    const input = read(fields, model);
    return {
      operation: method.name,
      model: model.id,
      prompt: input.texts.join('\n'),
      inputTokens: input.inputTokens,
      instances,
      maxInstances: model.maxInstances,
      body(chosen) {
        const dimensions = input.dimensions ?? chosen ?? model.dimensions;
        if (model.kind === 'multimodal') return multimodalPredictions(instances, dimensions);
        return textPredictions(input.texts, dimensions);
      },
    };
  },
  answer(call, script, invocation) {
    const { dims, instances } = script.settings;
    checkInstanceCount(call.instances.length, instances > 0 ? instances : call.maxInstances);
    return collectedAnswer(invocation, ({ text }) => call.body(dims > 0 ? dims : undefined, text));
  },
};

function hasContent(instance: unknown): boolean {
  return fieldsOf(instance)?.('content') !== undefined;
}

/** A container of the user's own: one text per instance, as servers of language models give. */
function readCustom({ method, resource }: Invocation, instances: readonly unknown[]): PredictCall {
  const prompt = textsIn(instances).join('\n');
  const deployedModelId = '1234567890123456789';
  return {
    operation: method.name,
    model: parseResource(resource)?.id ?? '',
    prompt,
    inputTokens: tokensOf(prompt.length),
    instances,
    maxInstances: Number.POSITIVE_INFINITY,
    body: (_, text) => ({ predictions: instances.map(() => text), deployedModelId }),
  };
}

function textPredictions(texts: readonly string[], dimensions: number): object {
  const predictions = texts.map((text) => {
    const tokens = tokensOf(text.length);
    const statistics = {
      token_count: Math.min(tokens, maxTokensPerText),
      truncated: tokens > maxTokensPerText,
    };
    return { embeddings: { values: unitVector(text, dimensions), statistics } };
  });
  const billableCharacterCount = texts.reduce((sum, text) => sum + text.length, 0);
  return { predictions, metadata: { billableCharacterCount } };
}
