// Claude on Vertex AI: the Messages body through rawPredict and streamRawPredict, events as SSE
// with names and LF endings, and the token counter, which is a model of its own.

import { anthropicErrorJson } from '../../anthropic/errors.ts';
import { type MessageFacts, messageBody } from '../../anthropic/message.ts';
import {
  createMessageStream,
  type HostOptions,
  messageEventCount,
} from '../../anthropic/message-stream.ts';
import { type MessagesRequest, readMessagesRequest } from '../../anthropic/messages-request.ts';
import { sseFrame } from '../../codec/sse.ts';
import { type Codec, ProviderError } from '../../provider.ts';
import { hiddenReasoning } from '../../script/hidden-reasoning.ts';
import type { StreamScript } from '../../script/script.ts';
import { prefixedId } from '../identifiers.ts';
import type { JsonObject, RawFamily, RawRequest } from './family.ts';

export const anthropic: RawFamily = {
  name: 'anthropic',
  matches: (publisher) => publisher === 'anthropic',
  read: (body, model) => (model === 'count-tokens' ? readCount(body) : readMessages(body, model)),
};

const pings: HostOptions = { hasPing: true };

function readMessages(body: JsonObject, model: string): RawRequest {
  const request = readInOwnWords(body);
  return {
    ...request,
    isStreaming: body.stream === true,
    body: (collected, script) => messageBody(factsOf(request, model, script), collected),
    stream(script) {
      const hasVertexEvent = script.settings['vertex-event'] === 'on';
      const totalEvents = messageEventCount(script, pings) + (hasVertexEvent ? 1 : 0);
      return { codec: eventCodec(factsOf(request, model, script), script), totalEvents };
    },
  };
}

function eventCodec(facts: MessageFacts, script: StreamScript): Codec {
  const event = sseEvent;
  const { encode, finish } = createMessageStream(facts, event, pings);
  const exception: Codec['exception'] = (name, message) => [
    sseFrame('exception', anthropicErrorJson(name, message), '\n', 'error'),
  ];
  if (script.settings['vertex-event'] === 'off') return { encode, finish, exception };
  return {
    encode(modelEvent) {
      const frames = encode(modelEvent);
      if (modelEvent.kind !== 'usage') return frames;
      const usage = { input_tokens: modelEvent.inputTokens, tiers: { standard: {} } };
      const json = JSON.stringify({ type: 'vertex_event', usage });
      return [...frames.slice(0, -1), event('usage', 'vertex_event', json), ...frames.slice(-1)];
    },
    finish,
    exception,
  };
}

function sseEvent(label: Parameters<typeof sseFrame>[0], type: string, json: string) {
  return sseFrame(label, json, '\n', type);
}

/** `models/count-tokens:rawPredict`, with the model to count for in the body. */
function readCount(body: JsonObject): RawRequest {
  if (typeof body.model !== 'string') {
    throw new ProviderError('invalid_request_error', 'model: Field required');
  }
  const request = readInOwnWords({ anthropic_version: 'any', max_tokens: 1, ...body });
  const { prompt, inputTokens } = request;
  return {
    prompt,
    inputTokens,
    isStreaming: false,
    body: () => ({ input_tokens: inputTokens }),
    stream() {
      throw new ProviderError('invalid_request_error', 'Token counts cannot be streamed.');
    },
  };
}

/** What the model refuses is spelled in Anthropic's form, not in Google's. */
function readInOwnWords(body: JsonObject): MessagesRequest {
  try {
    return readMessagesRequest(body);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'validation') throw error;
    throw new ProviderError('invalid_request_error', error.message);
  }
}

function factsOf(request: MessagesRequest, model: string, script: StreamScript): MessageFacts {
  return {
    id: prefixedId('msg_vrtx_01', 22, script.rng.fork('id')),
    model,
    inputTokens: script.inputTokens,
    stopSequences: request.stopSequences,
    toolPrefix: 'toolu_vrtx_01',
    hidden: hiddenReasoning(script),
  };
}
