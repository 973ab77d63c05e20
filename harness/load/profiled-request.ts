// Requests in the words of a profile: its paths, headers, model ids and bodies instead of those of
// the reference gateways. The answers are OpenAI's in either case.

import { fill, fillDeep, fillWords, type Values } from '../profiles/fill.ts';
import type { Profile, QuestionKind } from '../profiles/profile.ts';
import { countTexts, type GatewayRequest, type WireRequest } from './gateway-request.ts';
import type { Asked } from './workload.ts';

/** What is in a profile's texts besides the request: `{mocks}`, `{apiKey}`. */
export function encodeByProfile(profile: Profile, fixed: Values) {
  return (request: GatewayRequest): WireRequest => {
    if (request.kind === 'models') {
      const { path = '/v1/models', headers } = profile.requests.models ?? {};
      return { method: 'GET', path, body: null, headers: fillWords(headers, fixed) };
    }
    const kind = questionKind(request);
    const provider = profile.requests[request.provider ?? 'bedrock'];
    const question = provider?.[kind];
    if (question === undefined) {
      throw new Error(
        `Cannot ask ${profile.name} for ${request.provider} ${kind}: see its profile.`,
      );
    }
    const values: Values = {
      ...fixed,
      model: question.model,
      stream: kind === 'stream',
      prompt: request.kind === 'chat' ? request.prompt : [request.input].flat().join('\n'),
    };
    const headers = {
      ...fillWords(provider?.headers, values),
      ...fillWords(question.headers, values),
    };
    const path = fill(question.path, { ...values, model: encodeURIComponent(question.model) });
    const body = JSON.stringify(fillDeep(question.body ?? openAiBody(request), values));
    // A body of the profile's own may join the texts, or send some of them.
    const isCounted = request.kind === 'embeddings' && question.body === undefined;
    const vectorCount = isCounted ? { vectorCount: countTexts(request.input) } : {};
    return { method: 'POST', path, body, headers, ...vectorCount };
  };
}

/** Whether a profile says how this is asked; arms that it does not know are left out. */
export function knowsQuestion({ requests }: Profile, asked: Asked): boolean {
  if (asked === 'models') return requests.models !== undefined;
  return requests[asked.provider]?.[asked.kind] !== undefined;
}

function questionKind(request: Exclude<GatewayRequest, { kind: 'models' }>): QuestionKind {
  if (request.kind === 'embeddings') return 'embeddings';
  return request.isStreamed ? 'stream' : 'chat';
}

function openAiBody(request: Exclude<GatewayRequest, { kind: 'models' }>): object {
  if (request.kind === 'embeddings') return { model: '{model}', input: request.input };
  return {
    model: '{model}',
    messages: [{ role: 'user', content: '{prompt}' }],
    stream: '{stream}',
    ...(request.maxTokens !== undefined && { max_tokens: request.maxTokens }),
  };
}
