// Reads a `predict` request for a text embedding model and refuses what Vertex AI refuses: limits
// from the text embeddings API page, texts from public reports of the real service.

import { ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import { modelNotFound } from './gemini-request.ts';
import { type Fields, fieldsOf, listOf } from './json.ts';
import { parseResource } from './path.ts';

export interface EmbeddingModel {
  readonly id: string;
  readonly dimensions: number;
}

export interface EmbeddingInput {
  readonly texts: readonly string[];
  readonly inputTokens: number;
  readonly dimensions?: number;
}

/** Dimensions by model; a tuned model behind an endpoint counts as text-embedding-005. */
const models: ReadonlyMap<string, number> = new Map([
  ['text-embedding-004', 768],
  ['text-embedding-005', 768],
  ['text-multilingual-embedding-002', 768],
  ['gemini-embedding-001', 3072],
]);

/** The service knows two limits on instances and words each differently. */
const maxInstances = 250;
const maxInstancesOfPredict = 2048;
const maxTokens = 20_000;
export const maxTokensPerText = 2048;

export function embeddingModel(resourceName: string): EmbeddingModel {
  const resource = parseResource(resourceName);
  if (resource?.kind === 'endpoint') return { id: resource.id, dimensions: 768 };
  const dimensions = resource?.publisher === 'google' ? models.get(resource.id) : undefined;
  if (resource !== undefined && dimensions !== undefined) return { id: resource.id, dimensions };
  if (resource?.publisher === 'google' && resource.id.startsWith('gemini-')) {
    throw invalid('Gemini cannot be accessed through Vertex Predict/RawPredict API.');
  }
  throw modelNotFound(resourceName);
}

export function readEmbeddingInput(request: Fields, model: EmbeddingModel): EmbeddingInput {
  const instances = listOf(request('instances'));
  checkInstanceCount(instances.length);
  const parameters = fieldsOf(request('parameters'));
  const texts = instances.map((instance) => {
    const content = fieldsOf(instance)?.('content');
    if (typeof content === 'string' && content !== '') return content;
    throw invalid('The text content is empty.');
  });
  const counts = texts.map((text) => tokensOf(text.length));
  if (parameters?.('autoTruncate') === false) {
    for (const count of counts) checkTokens(count, maxTokensPerText);
  }
  const inputTokens = counts.reduce((sum, count) => sum + Math.min(count, maxTokensPerText), 0);
  checkTokens(inputTokens, maxTokens);
  const dimensions = readDimensions(parameters?.('outputDimensionality'), model);
  return { texts, inputTokens, ...(dimensions !== undefined && { dimensions }) };
}

function checkInstanceCount(count: number): void {
  if (count === 0) throw invalid('Empty instances.');
  if (count > maxInstancesOfPredict) {
    throw invalid(
      `${maxInstancesOfPredict} instance(s) is allowed per prediction. Actual: ${count}`,
    );
  }
  if (count > maxInstances) {
    const range = rangeText('batchSize', count, maxInstances);
    throw invalid(
      `Unable to submit request because it included too many instances. ${range} ` +
        'Reduce the number of instances and try again.',
    );
  }
}

function checkTokens(count: number, allowed: number): void {
  if (count <= allowed) return;
  throw invalid(
    `Unable to submit request because the input token count is ${count} but the model ` +
      `supports up to ${allowed}. Reduce the input token count and try again.`,
  );
}

function readDimensions(wanted: unknown, { dimensions }: EmbeddingModel): number | undefined {
  if (typeof wanted !== 'number') return undefined;
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= dimensions) return wanted;
  const range = rangeText('outputDimensionality', wanted, dimensions);
  throw invalid(
    `Unable to submit request because of its parameters. ${range} Update the value and try again.`,
  );
}

function rangeText(name: string, value: number, most: number): string {
  const range = `1 (inclusive) to ${most + 1} (exclusive)`;
  return `It has a ${name} value of ${value} but the supported range is from ${range}.`;
}

function invalid(message: string): ProviderError {
  return new ProviderError('INVALID_ARGUMENT', message);
}
