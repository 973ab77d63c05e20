// The operations, by service and method: one line each serves both API versions and all transports.
// Paths and message types of a method are in methods.generated.json or rest-methods.ts.

import {
  type ApiRequest,
  type Call,
  type RoutedOperation,
  type Turn,
  withModelWords,
} from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import {
  createCachedContent,
  deleteCachedContent,
  getCachedContent,
  listCachedContents,
  updateCachedContent,
} from './cached-contents.ts';
import { openConversation } from './conversation.ts';
import { computeTokens, countTokens } from './count-tokens.ts';
import { embedContent } from './embed-content.ts';
import { explain } from './explain.ts';
import { generateContent, streamGenerateContent } from './generate.ts';
import { guardOf } from './guard.ts';
import { getIamPolicy, setIamPolicy, testIamPermissions } from './iam-policy.ts';
import { getLocation, listLocations } from './locations.ts';
import {
  cancelOperation,
  deleteOperation,
  fetchPredictOperation,
  getOperation,
  listOperations,
  predictLongRunning,
  waitOperation,
} from './long-running.ts';
import { findMethod } from './methods.ts';
import type { VertexOperation } from './operation.ts';
import { predict } from './predict.ts';
import { getPublisherModel, listPublisherModels } from './publisher-models.ts';
import { chatCompletions, rawPredict } from './raw-predict.ts';
import { type Invocation, invocationOf } from './request.ts';
import {
  directPredict,
  directRawPredict,
  streamingPredict,
  streamingRawPredict,
} from './tensor-predict.ts';

/** An operation with its types closed over. */
export type BoundOperation = (invocation: Invocation) => Turn;

const operations: Readonly<Record<string, BoundOperation>> = {
  'PredictionService/GenerateContent': bound(generateContent),
  'PredictionService/StreamGenerateContent': bound(streamGenerateContent),
  'PredictionService/CountTokens': bound(countTokens),
  'LlmUtilityService/CountTokens': bound(countTokens),
  'LlmUtilityService/ComputeTokens': bound(computeTokens),
  'PredictionService/Predict': bound(predict),
  'PredictionService/EmbedContent': bound(embedContent),
  'PredictionService/Explain': bound(explain),
  'PredictionService/RawPredict': bound(rawPredict),
  'PredictionService/StreamRawPredict': bound(rawPredict),
  'PredictionService/ChatCompletions': bound(chatCompletions),
  'PredictionService/DirectPredict': bound(directPredict),
  'PredictionService/DirectRawPredict': bound(directRawPredict),
  'PredictionService/ServerStreamingPredict': bound(streamingPredict),
  'PredictionService/StreamingPredict': bound(streamingPredict),
  'PredictionService/StreamDirectPredict': bound(streamingPredict),
  'PredictionService/StreamingRawPredict': bound(streamingRawPredict),
  'PredictionService/StreamDirectRawPredict': bound(streamingRawPredict),
  'PredictionService/PredictLongRunning': bound(predictLongRunning),
  'PredictionService/FetchPredictOperation': bound(fetchPredictOperation),
  'GenAiCacheService/CreateCachedContent': bound(createCachedContent),
  'GenAiCacheService/GetCachedContent': bound(getCachedContent),
  'GenAiCacheService/UpdateCachedContent': bound(updateCachedContent),
  'GenAiCacheService/DeleteCachedContent': bound(deleteCachedContent),
  'GenAiCacheService/ListCachedContents': bound(listCachedContents),
  'Operations/ListOperations': bound(listOperations),
  'Operations/GetOperation': bound(getOperation),
  'Operations/DeleteOperation': bound(deleteOperation),
  'Operations/CancelOperation': bound(cancelOperation),
  'Operations/WaitOperation': bound(waitOperation),
  'Locations/ListLocations': bound(listLocations),
  'Locations/GetLocation': bound(getLocation),
  'IAMPolicy/SetIamPolicy': bound(setIamPolicy),
  'IAMPolicy/GetIamPolicy': bound(getIamPolicy),
  'IAMPolicy/TestIamPermissions': bound(testIamPermissions),
  'ModelGardenService/GetPublisherModel': bound(getPublisherModel),
  'ModelGardenService/ListPublisherModels': bound(listPublisherModels),
};

const liveOperations = ['LiveConnect', 'LiveSetup', 'LiveTurn'];

export const operationNames: readonly string[] = [
  ...new Set(Object.keys(operations).map((key) => key.slice(key.indexOf('/') + 1))),
  ...liveOperations,
];

/** Undefined when no operation has this path. */
export function routeOf(request: ApiRequest): RoutedOperation | undefined {
  const found = findMethod(request);
  if (found === undefined) return undefined;
  const operation = operations[found.method.key];
  if (operation === undefined) return undefined;
  const { name, isClientStream } = found.method;
  const guard = guardOf(request, found.method);
  /** The operation for this caller, who has to be known before anything is read. */
  const admitted = (): BoundOperation => {
    const allow = guard.enter();
    return (invocation) => {
      allow(invocation.resource);
      return operation(invocation);
    };
  };
  return {
    name,
    read: () => admitted()(invocationOf(request, found)),
    ...(isClientStream && { open: () => openConversation(request, found, admitted()) }),
  };
}

function bound<C extends Call>(operation: VertexOperation<C>): BoundOperation {
  return (invocation) => {
    const call = operation.read(invocation);
    const turn = {
      call,
      answer: (script: StreamScript) => operation.answer(call, script, invocation),
    };
    return withModelWords(turn, invocation.modelWords);
  };
}
