// CountTokens: what a Converse or InvokeModel request would be charged for its input, by the same
// count that those use, so a client that compares the two sees one number.

import { type Call, type Operation, ProviderError } from '../provider.ts';
import { objectOf, parseBody } from './constraints.ts';
import { conversationMembers } from './converse-shape.ts';
import { parseModelBody } from './invoke-request.ts';
import { jsonAnswer } from './json-answer.ts';
import { type ModelId, readModelId } from './model-id.ts';
import { shortModelId } from './model-id-shape.ts';
import { familyFor } from './models/index.ts';
import { readConversation } from './read-conversation.ts';
import { checkMembers, type Members, memberOf } from './shape.ts';

export const countTokensMembers: Members = {
  modelId: shortModelId,
  input: {
    required: true,
    type: 'structure',
    union: 'CountTokensInput',
    members: {
      invokeModel: {
        type: 'structure',
        members: { body: { required: true, type: 'blob', max: 25_000_000 } },
      },
      converse: { type: 'structure', members: conversationMembers },
    },
  },
};

export const countTokens: Operation = {
  name: 'CountTokens',
  read({ body: bytes }, params) {
    const body = parseBody(bytes);
    checkMembers({ ...body, modelId: params.modelId }, countTokensMembers);
    const model = readModelId(params.modelId ?? '');
    if (model.vendor !== undefined && model.vendor !== 'anthropic') {
      throw new ProviderError('validation', "The provided model doesn't support counting tokens.");
    }
    const [kind, input] = memberOf(body.input) ?? [];
    const counted =
      kind === 'converse'
        ? readConversation(objectOf(input))
        : countBody(objectOf(input).body, model);
    const { prompt, inputTokens } = counted;
    return { operation: 'CountTokens', model: model.raw, prompt, inputTokens };
  },
  answer: ({ inputTokens }, _script, request) => jsonAnswer(request, () => ({ inputTokens })),
};

function countBody(encoded: unknown, model: ModelId): Pick<Call, 'prompt' | 'inputTokens'> {
  const body = parseModelBody(Buffer.from(String(encoded), 'base64'));
  const family = familyFor(model, body);
  if (family === undefined) throw new ProviderError('not-found', '');
  return family.read(body, model);
}
