// embedContent: one content, one vector. Gemini's newer embedding models and open models served
// by Google take this call only. Source: prediction_service.proto (EmbedContentRequest).

import { type Call, ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { embeddingModel } from './embedding-models.ts';
import { checkTokens, readDimensions } from './embedding-request.ts';
import { modelNotFound } from './gemini-request.ts';
import { fieldsOf, listOf } from './json.ts';
import { messageAnswer, type VertexOperation } from './operation.ts';
import { unitVector } from './unit-vector.ts';

interface EmbedCall extends Call {
  readonly dimensions?: number;
  readonly modelDimensions: number;
}

const maxTokens = 8192;

export const embedContent: VertexOperation<EmbedCall> = {
  read({ method, resource, fields }) {
    const model = embeddingModel(resource);
    if (model.kind === 'multimodal') throw modelNotFound(resource);
    const parts = listOf(fieldsOf(fields('content'))?.('parts'));
    const texts = parts.flatMap((part) => fieldsOf(part)?.('text') ?? []);
    const prompt = texts.filter((text) => typeof text === 'string').join('\n');
    if (parts.length === 0) throw new ProviderError('INVALID_ARGUMENT', 'content is required.');
    const config = fieldsOf(fields('embedContentConfig'));
    const autoTruncate = config?.('autoTruncate') ?? fields('autoTruncate');
    const inputTokens = tokensOf(prompt.length);
    if (autoTruncate === false) checkTokens(inputTokens, maxTokens);
    const wanted = config?.('outputDimensionality') ?? fields('outputDimensionality');
    const dimensions = readDimensions(wanted, model);
    return {
      operation: method.name,
      model: model.id,
      prompt,
      inputTokens,
      modelDimensions: model.dimensions,
      ...(dimensions !== undefined && { dimensions }),
    };
  },
  answer(call, script, invocation) {
    const chosen = script.settings.dims > 0 ? script.settings.dims : call.modelDimensions;
    const count = Math.min(call.inputTokens, maxTokens);
    return messageAnswer(invocation, () => ({
      embedding: { values: unitVector(call.prompt, call.dimensions ?? chosen) },
      usageMetadata: {
        promptTokenCount: count,
        totalTokenCount: count,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: count }],
      },
      truncated: call.inputTokens > maxTokens,
    }));
  },
};
