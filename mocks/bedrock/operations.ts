// The explicit list of operations and their paths: adding one is a file and a line.

import type { ApiRequest, Call, Operation, RoutedOperation } from '../provider.ts';
import { routed, withModelWords } from '../provider.ts';
import { splitModel } from '../script/model-suffix.ts';
import { applyGuardrail } from './apply-guardrail.ts';
import { getAsyncInvoke, listAsyncInvokes, startAsyncInvoke } from './async-invoke/operations.ts';
import { openBidirectional } from './bidirectional.ts';
import { getFoundationModel, listFoundationModels } from './control-plane/foundation-models.ts';
import { getInferenceProfile, listInferenceProfiles } from './control-plane/inference-profiles.ts';
import { converse } from './converse.ts';
import { converseStream } from './converse-stream.ts';
import { countTokens } from './count-tokens.ts';
import { invokeGuardrailChecks } from './guardrail-checks.ts';
import { invokeModel } from './invoke-model.ts';
import { invokeModelWithResponseStream } from './invoke-model-stream.ts';

interface Route {
  readonly name: string;
  readonly method: string;
  readonly segments: readonly string[];
  open(request: ApiRequest, params: Readonly<Record<string, string>>): RoutedOperation;
}

const routes: readonly Route[] = [
  route('POST', '/model/{modelId}/converse', converse),
  route('POST', '/model/{modelId}/converse-stream', converseStream),
  route('POST', '/model/{modelId}/invoke', invokeModel),
  route('POST', '/model/{modelId}/invoke-with-response-stream', invokeModelWithResponseStream),
  route('POST', '/model/{modelId}/count-tokens', countTokens),
  session(
    'InvokeModelWithBidirectionalStream',
    '/model/{modelId}/invoke-with-bidirectional-stream',
    openBidirectional,
  ),
  route(
    'POST',
    '/guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply',
    applyGuardrail,
  ),
  route('POST', '/guardrail-checks/invoke', invokeGuardrailChecks),
  route('POST', '/async-invoke', startAsyncInvoke),
  route('GET', '/async-invoke', listAsyncInvokes),
  route('GET', '/async-invoke/{invocationArn}', getAsyncInvoke),
  route('GET', '/foundation-models', listFoundationModels),
  route('GET', '/foundation-models/{modelIdentifier}', getFoundationModel),
  route('GET', '/inference-profiles', listInferenceProfiles),
  route('GET', '/inference-profiles/{inferenceProfileIdentifier}', getInferenceProfile),
];

export const operationNames: readonly string[] = routes.map(({ name }) => name);

/**
 * Matches the raw path from its end, so that an endpoint may have a path of its own in front. It
 * is split before it is decoded: a `%2F` in an ARN belongs to its segment.
 */
export function findOperation(request: ApiRequest): RoutedOperation | undefined {
  const path = request.rawPath.split('/').filter((segment) => segment !== '');
  for (const { method, segments, open } of routes) {
    if (method !== request.method || path.length < segments.length) continue;
    const found = match(segments, path.slice(-segments.length));
    if (found !== undefined) return speaking(open(request, found.params), found.modelWords);
  }
  return undefined;
}

/** Hands on what stood behind the model's name in the path. */
function speaking(routed: RoutedOperation, words: string | undefined): RoutedOperation {
  const { read, open } = routed;
  if (words === undefined) return routed;
  const opened: RoutedOperation['open'] =
    open &&
    ((verify) => {
      const session = open(verify);
      return {
        ...session,
        *receive(bytes) {
          for (const turn of session.receive(bytes)) yield withModelWords(turn, words);
        },
      };
    });
  return {
    name: routed.name,
    read: () => withModelWords(read(), words),
    ...(opened && { open: opened }),
  };
}

/** Closes the operation's own type of call, so that the list can hold all of them. */
function route<C extends Call>(method: string, template: string, operation: Operation<C>): Route {
  return {
    name: operation.name,
    method,
    segments: template.slice(1).split('/'),
    open: (request, params) => routed(operation, request, params),
  };
}

/** A route whose operation reads its request itself, as it comes. */
function session(name: string, template: string, open: Route['open']): Route {
  return { name, method: 'POST', segments: template.slice(1).split('/'), open };
}

interface Match {
  readonly params: Readonly<Record<string, string>>;
  readonly modelWords: string | undefined;
}

function match(segments: readonly string[], path: readonly string[]): Match | undefined {
  const params: Record<string, string> = {};
  let modelWords: string | undefined;
  for (const [index, segment] of segments.entries()) {
    const given = path[index] ?? '';
    const label = segment.startsWith('{') ? segment.slice(1, -1) : undefined;
    if (label?.startsWith('model') === true) {
      const { model, words } = splitModel(given);
      params[label] = decode(model);
      modelWords = words;
    } else if (label !== undefined) params[label] = decode(given);
    else if (segment !== given) return undefined;
  }
  return { params, modelWords };
}

/** A segment that is not valid percent-encoding stands for itself and is refused later. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
