// Reads a GenerateContentRequest, from JSON or protobuf alike, and refuses what Vertex AI refuses,
// in its words (texts collected from public reports of the real service).

import { ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import type { OfferedTool } from '../script/tool.ts';
import { readGeminiTools } from './gemini-tools.ts';
import { type Fields, fieldsOf, listOf } from './json.ts';
import { parseResource } from './path.ts';

export interface GeminiPrompt {
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens?: number;
  readonly tools?: readonly OfferedTool[];
  readonly forcedTool?: string;
}

const learnMore =
  'Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini';
const roles = ['user', 'model', 'function'];
const maxOutputTokens = 65_536;

export function readGeminiPrompt(request: Fields): GeminiPrompt {
  const contents = listOf(request('contents'));
  if (contents.length === 0) refuse('at least one contents field is required');
  const texts = textsOf(request('systemInstruction'));
  for (const content of contents) {
    const role = fieldsOf(content)?.('role');
    if (typeof role !== 'string' || !roles.includes(role.toLowerCase())) {
      throw new ProviderError('INVALID_ARGUMENT', 'Please use a valid role: user, model.');
    }
    if (listOf(fieldsOf(content)?.('parts')).length === 0) {
      refuse('it must include at least one parts field, which describes the prompt input');
    }
    const own = textsOf(content);
    if (own.includes('')) refuse('it has an empty text parameter. Add a value and try again');
    texts.push(...own);
  }
  const prompt = texts.join('\n');
  const maxTokens = readMaxTokens(request);
  return {
    prompt,
    inputTokens: tokensOf(prompt.length),
    ...(maxTokens !== undefined && { maxTokens }),
    ...readGeminiTools(request),
  };
}

function readMaxTokens(request: Fields): number | undefined {
  const wanted = fieldsOf(request('generationConfig'))?.('maxOutputTokens');
  if (typeof wanted !== 'number') return undefined;
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= maxOutputTokens) return wanted;
  return refuse(
    `it has a maxOutputTokens value of ${wanted} but the supported range is from 1 (inclusive) ` +
      `to ${maxOutputTokens + 1} (exclusive). Update the value and try again`,
  );
}

/** Texts of one content; parts that hold something else count for nothing here. */
function textsOf(content: unknown): string[] {
  return listOf(fieldsOf(content)?.('parts')).flatMap((part) => {
    const text = fieldsOf(part)?.('text');
    return typeof text === 'string' ? [text] : [];
  });
}

function refuse(reason: string): never {
  const message = `Unable to submit request because ${reason}. ${learnMore}`;
  throw new ProviderError('INVALID_ARGUMENT', message);
}

/** Id of a Gemini model or of an endpoint, whose id stands for the tuned model behind it. */
export function geminiModel(resourceName: string): string {
  const resource = parseResource(resourceName);
  if (resource === undefined) {
    throw new ProviderError('INVALID_ARGUMENT', 'Invalid resource field value in the request.');
  }
  if (resource.kind === 'endpoint') return resource.id;
  if (resource.publisher === 'google' && /^gemini-(?!embedding)/.test(resource.id)) {
    return resource.id;
  }
  throw modelNotFound(resourceName);
}

export function modelNotFound(resourceName: string): ProviderError {
  return new ProviderError(
    'NOT_FOUND',
    `Publisher Model \`${resourceName}\` was not found or your project does not have access to ` +
      'it. Please ensure you are using a valid model version. For more information, see: ' +
      'https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions',
  );
}
