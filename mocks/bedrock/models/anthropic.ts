// Anthropic Claude through InvokeModel: the Messages body, whole or as chunks whose last one
// carries Bedrock's invocation metrics.

import { type MessageFacts, messageBody } from '../../anthropic/message.ts';
import {
  createMessageStream,
  type HostOptions,
  messageEventCount,
} from '../../anthropic/message-stream.ts';
import { type MessagesRequest, readMessagesRequest } from '../../anthropic/messages-request.ts';
import { ProviderError } from '../../provider.ts';
import type { CachedTokens } from '../../script/collector.ts';
import { hiddenReasoning } from '../../script/hidden-reasoning.ts';
import type { StreamScript } from '../../script/script.ts';
import { createBodyCodec } from '../body-codec.ts';
import { createChunks } from '../chunk.ts';
import { anthropicId } from '../identifiers.ts';
import { leastCachedTokens } from '../prompt-cache/caching-models.ts';
import { partsOfMessages } from '../prompt-cache/prompt-parts.ts';
import { lastChunkFields } from '../usage.ts';
import type { ModelFamily } from './family.ts';

/** Bedrock takes these from the path and refuses them in the body. */
const saidInPath = ['model', 'stream'];

export const anthropic: ModelFamily = {
  name: 'anthropic',
  isEmbedding: false,
  matches: ({ vendor }) => vendor === 'anthropic',
  looksLike: (body) => 'anthropic_version' in body,
  read(body, model) {
    const extra = saidInPath.find((field) => body[field] !== undefined);
    if (extra !== undefined) {
      throw new ProviderError('validation', `${extra}: Extra inputs are not permitted`);
    }
    const request = readMessagesRequest(body);
    return {
      ...request,
      parts: leastCachedTokens(model) === undefined ? undefined : partsOfMessages(body),
      answer(script, extras) {
        const facts = factsOf(request, model.name, script, extras?.cached);
        return createBodyCodec((collected) => ({
          ...messageBody(facts, collected),
          ...extras?.guardrail,
        }));
      },
      stream(script, extras) {
        const facts = factsOf(request, model.name, script, extras?.cached);
        const { chunk, exception } = createChunks(script);
        const options: HostOptions = {
          stopExtras: (usage) => lastChunkFields(usage, script, extras),
        };
        const events = createMessageStream(facts, (label, _, json) => chunk(label, json), options);
        return {
          codec: { ...events, exception },
          totalEvents: messageEventCount(script, options),
        };
      },
    };
  },
};

function factsOf(
  request: MessagesRequest,
  model: string,
  script: StreamScript,
  cached: CachedTokens | undefined,
): MessageFacts {
  return {
    id: anthropicId('msg', script.rng.fork('id')),
    model,
    inputTokens: script.inputTokens,
    stopSequences: request.stopSequences,
    toolPrefix: 'toolu_bdrk_01',
    hidden: hiddenReasoning(script),
    ...(cached && { cached }),
  };
}
