// predict: text and multimodal embeddings, and custom models behind endpoints. The script only
// gives the timing and, for custom models, the text.
// Source: text and multimodal embeddings API pages; prediction_service.proto.

import type { Call, EncodedFrame } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { embeddingModel } from './embedding-models.ts';
import { checkInstanceCount, maxTokensPerText, readEmbeddingInput } from './embedding-request.ts';
import { fieldsOf, listOf, prettyJson, wantsNumericEnums } from './json.ts';
import { multimodalPredictions, readMultimodal } from './multimodal.ts';
import { collectedAnswer, type VertexOperation } from './operation.ts';
import { parseResource } from './path.ts';
import type { Invocation } from './request.ts';
import { textsIn } from './tensor.ts';
import { unitVector, unitVectorLines } from './unit-vector.ts';

interface PredictCall extends Call {
  readonly instances: readonly unknown[];
  readonly maxInstances: number;
  /** `text` is what the model said, for those that say anything. */
  body(dimensions: number | undefined, text: string): object;
  /** The same as bytes, where its numbers are written already. */
  pieces?(dimensions: number | undefined): readonly EncodedFrame[];
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
    const sizeOf = (chosen: number | undefined) => input.dimensions ?? chosen ?? model.dimensions;
    return {
      operation: method.name,
      model: model.id,
      prompt: input.texts.join('\n'),
      inputTokens: input.inputTokens,
      instances,
      maxInstances: model.maxInstances,
      body(chosen) {
        if (model.kind === 'multimodal') return multimodalPredictions(instances, sizeOf(chosen));
        return textPredictions(input.texts, sizeOf(chosen));
      },
      ...(model.kind !== 'multimodal' && {
        pieces: (chosen: number | undefined) => textPieces(input.texts, sizeOf(chosen)),
      }),
    };
  },
  answer(call, script, invocation) {
    const { dims, instances } = script.settings;
    checkInstanceCount(call.instances.length, instances > 0 ? instances : call.maxInstances);
    const chosen = dims > 0 ? dims : undefined;
    const answer = collectedAnswer(invocation, ({ text }) => call.body(chosen, text));
    const { pieces } = call;
    if (pieces === undefined || !isPlainJson(invocation)) return answer;
    return { ...answer, codec: { ...answer.codec, pieces: () => pieces(chosen) } };
  },
};

function isPlainJson({ request }: Invocation): boolean {
  return request.transport !== 'grpc' && !wantsNumericEnums(request);
}

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
  const predictions = texts.map((text) => ({
    embeddings: { values: unitVector(text, dimensions), statistics: statisticsOf(text) },
  }));
  return { predictions, metadata: metadataOf(texts) };
}

function statisticsOf(text: string): object {
  const tokens = tokensOf(text.length);
  return { token_count: Math.min(tokens, maxTokensPerText), truncated: tokens > maxTokensPerText };
}

function metadataOf(texts: readonly string[]): object {
  return { billableCharacterCount: texts.reduce((sum, text) => sum + text.length, 0) };
}

/** The pretty JSON of the same, whose vectors are not written again: nearly all of its bytes. */
function textPieces(texts: readonly string[], dimensions: number): readonly EncodedFrame[] {
  const pieces: Buffer[] = [];
  let lead = '{\n  "predictions": [\n';
  for (const text of texts) {
    pieces.push(Buffer.from(`${lead}    {\n      "embeddings": {\n        "values": [\n`));
    pieces.push(...unitVectorLines(text, dimensions));
    const statistics = indented(statisticsOf(text), 8);
    lead = `\n        ],\n        "statistics": ${statistics}\n      }\n    },\n`;
  }
  const end = `\n  ],\n  "metadata": ${indented(metadataOf(texts), 2)}\n}\n`;
  pieces.push(Buffer.from(lead.slice(0, -2) + end));
  return pieces.map((bytes, index) => ({ bytes, label: index === 0 ? 'body' : 'framing' }));
}

function indented(value: object, blanks: number): string {
  return prettyJson(value).replaceAll('\n', `\n${' '.repeat(blanks)}`);
}
