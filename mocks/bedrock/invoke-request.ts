// Reads the request of InvokeModel and its streaming form: length, id and headers, then the model,
// whose family decides what the body must be; Bedrock itself only wants it to be JSON.

import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { isObject, type JsonObject } from './constraints.ts';
import { type Guardrail, invokeGuardrail } from './guardrail.ts';
import { readInvokeHeaders } from './invoke-headers.ts';
import { readModelId } from './model-id.ts';
import type { InvokeExtras, ModelRequest } from './models/family.ts';
import { familyFor } from './models/index.ts';
import { malformed } from './models/malformed.ts';
import { checkOnDemand } from './on-demand.ts';
import type { CacheUse } from './prompt-cache/prompt-cache.ts';
import { countCached } from './prompt-cache/use-cache.ts';

export interface InvokeCall extends Call {
  readonly request: ModelRequest;
  /** Headers of the request that the answer repeats. */
  readonly echo: Readonly<Record<string, string>>;
  readonly cached: CacheUse | undefined;
  readonly guardrail: Guardrail | undefined;
}

const maxBodyBytes = 25_000_000;

export function readInvoke(
  operation: string,
  { body: bytes, headers, memory }: ApiRequest,
  { modelId = '' }: Readonly<Record<string, string>>,
): InvokeCall {
  if (bytes.length > maxBodyBytes) {
    const rule = `Member must have length less than or equal to ${maxBodyBytes}`;
    const what = "Value at 'body' failed to satisfy constraint";
    throw new ProviderError('validation', `1 validation error detected: ${what}: ${rule}`);
  }
  const { echo, guardrail } = readInvokeHeaders(modelId, headers);
  const model = readModelId(modelId);
  checkOnDemand(model);
  const body = parseModelBody(bytes);
  const family = familyFor(model, body);
  if (family === undefined) throw new ProviderError('not-found', '');
  const request = family.read(body, model);
  const { prompt, maxTokens, tools, forcedTool } = request;
  return {
    operation,
    model: model.raw,
    prompt,
    ...countCached({ memory }, model, request.parts, request.inputTokens),
    request,
    echo,
    guardrail,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(tools !== undefined && { tools }),
    ...(forcedTool !== undefined && { forcedTool }),
  };
}

export function extrasOf({ cached, guardrail, prompt }: InvokeCall, script: StreamScript) {
  const fields = guardrail && invokeGuardrail(guardrail, prompt.length, script.stopReason);
  return { cached, guardrail: fields ?? {} } satisfies InvokeExtras;
}

export function parseModelBody(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    const hint = 'please reformat your input and try again.';
    throw new ProviderError('validation', `Malformed input request, ${hint}`);
  }
  if (isObject(value)) return value;
  throw malformed(['#: expected type: JSONObject, found: other']);
}
