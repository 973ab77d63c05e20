// Reads and validates the request of Converse and ConverseStream: first the API's model, then which
// model is asked, then the rules of a conversation, then what the answer will need of it.

import { type ApiRequest, type Call, ProviderError } from '../provider.ts';
import { objectOf, parseBody } from './constraints.ts';
import { converseMembers } from './converse-shape.ts';
import { type Guardrail, readGuardrail } from './guardrail.ts';
import { type ModelId, readModelId } from './model-id.ts';
import { conversationalModelId } from './model-id-shape.ts';
import { familyOf } from './models/index.ts';
import { checkOnDemand } from './on-demand.ts';
import type { CacheUse } from './prompt-cache/prompt-cache.ts';
import { partsOfConversation } from './prompt-cache/prompt-parts.ts';
import { countCached } from './prompt-cache/use-cache.ts';
import { readConversation } from './read-conversation.ts';
import { checkMembers, type Members } from './shape.ts';

export interface ConverseCall extends Call {
  readonly modelId: ModelId;
  readonly guardrail: Guardrail | undefined;
  /** Members of the request that the answer repeats. */
  readonly echo: { readonly performanceConfig?: unknown; readonly serviceTier?: unknown };
  readonly responseFieldPaths: readonly string[];
  readonly stopSequences: readonly string[];
  /** Tools that Bedrock runs itself, by their names. */
  readonly systemTools: readonly string[];
  readonly cached: CacheUse | undefined;
}

const members: Members = { modelId: conversationalModelId, ...converseMembers };

export function readConverse(
  operation: string,
  request: ApiRequest,
  params: Readonly<Record<string, string>>,
): ConverseCall {
  const body = parseBody(request.body);
  checkMembers({ ...body, modelId: params.modelId }, members);
  const modelId = readModelId(params.modelId ?? '');
  checkOnDemand(modelId);
  if (familyOf(modelId)?.isEmbedding === true) throw unsupportedModel();
  const inference = objectOf(body.inferenceConfig);
  const { performanceConfig, serviceTier, additionalModelResponseFieldPaths: paths } = body;
  const conversation = readConversation(body);
  return {
    operation,
    model: modelId.raw,
    modelId,
    ...conversation,
    ...countCached(request, modelId, partsOfConversation(body), conversation.inputTokens),
    ...(typeof inference.maxTokens === 'number' && { maxTokens: inference.maxTokens }),
    systemTools: systemToolsOf(objectOf(body.toolConfig).tools),
    guardrail: readGuardrail(body.guardrailConfig),
    echo: {
      ...(performanceConfig ? { performanceConfig } : {}),
      ...(serviceTier ? { serviceTier } : {}),
    },
    responseFieldPaths: Array.isArray(paths) ? paths : [],
    stopSequences: Array.isArray(inference.stopSequences) ? inference.stopSequences : [],
  };
}

function systemToolsOf(tools: unknown): readonly string[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool) => {
    const { name } = objectOf(objectOf(tool).systemTool);
    return typeof name === 'string' ? [name] : [];
  });
}

function unsupportedModel(): ProviderError {
  const hint = 'Try again with a supported text or chat model.';
  return new ProviderError(
    'validation',
    `This action doesn't support the model that you provided. ${hint}`,
  );
}
