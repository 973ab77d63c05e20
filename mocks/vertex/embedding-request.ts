// Reads a `predict` request for a text embedding model and refuses what Vertex AI refuses: limits
// from the text embeddings API page, texts from public reports of the real service.

import { ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import type { EmbeddingModel } from './embedding-models.ts';
import { type Fields, fieldsOf, listOf } from './json.ts';

export interface EmbeddingInput {
  readonly texts: readonly string[];
  readonly inputTokens: number;
  readonly dimensions?: number;
}

/** Above the model's own limit there is a second one, which the service words differently. */
const maxInstancesOfPredict = 2048;
const maxTokens = 20_000;
export const maxTokensPerText = 2048;

export function readEmbeddingInput(request: Fields, model: EmbeddingModel): EmbeddingInput {
  const instances = listOf(request('instances'));
  if (instances.length === 0) throw invalid('Empty instances.');
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

/** `allowed` is the model's limit, or what a script says instead. */
export function checkInstanceCount(count: number, allowed: number): void {
  if (count > maxInstancesOfPredict || (count > allowed && allowed < 250)) {
    const limit = Math.min(allowed, maxInstancesOfPredict);
    const most = count > maxInstancesOfPredict && allowed >= 250 ? maxInstancesOfPredict : limit;
    throw invalid(`${most} instance(s) is allowed per prediction. Actual: ${count}`);
  }
  if (count > allowed) {
    const range = rangeText('batchSize', count, allowed);
    throw invalid(
      `Unable to submit request because it included too many instances. ${range} ` +
        'Reduce the number of instances and try again.',
    );
  }
}

export function checkTokens(count: number, allowed: number): void {
  if (count <= allowed) return;
  throw invalid(
    `Unable to submit request because the input token count is ${count} but the model ` +
      `supports up to ${allowed}. Reduce the input token count and try again.`,
  );
}

export function readDimensions(
  wanted: unknown,
  { dimensions }: EmbeddingModel,
): number | undefined {
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
