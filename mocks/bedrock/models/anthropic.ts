// Anthropic Claude through InvokeModel: the Messages body, whole or as chunks whose last one
// carries Bedrock's invocation metrics. Source: Anthropic API reference, "Streaming messages".

import type { StopReason } from '../../../injectors/stream.ts';
import type { Codec, EncodedFrame } from '../../provider.ts';
import type { StreamScript } from '../../script/script.ts';
import { createBodyCodec } from '../body-codec.ts';
import { createChunks } from '../chunk.ts';
import { anthropicId } from '../identifiers.ts';
import { stopReasons } from '../stop-reason.ts';
import { invocationMetrics, type TokenCounts } from '../usage.ts';
import { type MessagesRequest, readMessagesRequest } from './anthropic-request.ts';
import type { ModelFamily } from './family.ts';

export const anthropic: ModelFamily = {
  name: 'anthropic',
  isEmbedding: false,
  matches: ({ vendor }) => vendor === 'anthropic',
  looksLike: (body) => 'messages' in body || 'anthropic_version' in body,
  read(body, model) {
    const request = readMessagesRequest(body);
    return {
      ...request,
      answer: (script) => createMessageCodec(request, model.name, script),
      stream: (script) => ({
        codec: createMessageStreamCodec(request, model.name, script),
        // message_start, message_delta and message_stop; a block adds its start and stop.
        totalEvents: script.textEvents + (script.textEvents > 0 ? 5 : 3),
      }),
    };
  },
};

function createMessageCodec(request: MessagesRequest, model: string, script: StreamScript): Codec {
  return createBodyCodec(({ text, stopReason, usage }) => ({
    ...messageHead(model, script),
    content: text === '' ? [] : [{ type: 'text', text }],
    ...stopFields(request, stopReason),
    ...(usage && { usage: usageOf(usage) }),
  }));
}

function createMessageStreamCodec(
  request: MessagesRequest,
  model: string,
  script: StreamScript,
): Codec {
  const { chunk, exception } = createChunks(script);
  let isBlockOpen = false;
  let stopReason: StopReason | undefined;
  /** Stop and usage share message_delta, so it waits until usage is known or the events end. */
  const conclude = (usage: TokenCounts | undefined): EncodedFrame[] => {
    const delta = stopFields(request, stopReason);
    const counts = usage && { usage: { output_tokens: usage.outputTokens } };
    const metrics = usage && {
      'amazon-bedrock-invocationMetrics': invocationMetrics(usage, script),
    };
    stopReason = undefined;
    return [
      chunk('stop', JSON.stringify({ type: 'message_delta', delta, ...counts })),
      chunk('usage', JSON.stringify({ type: 'message_stop', ...metrics })),
    ];
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [chunk('start', messageStart(model, script))];
        case 'text': {
          const opening = isBlockOpen ? [] : [chunk('start', blockStart)];
          isBlockOpen = true;
          const delta = `{"type":"text_delta","text":${JSON.stringify(event.text)}}`;
          const json = `{"type":"content_block_delta","index":0,"delta":${delta}}`;
          return [...opening, chunk('delta', json)];
        }
        case 'stop': {
          stopReason = event.reason;
          if (!isBlockOpen) return [];
          isBlockOpen = false;
          return [chunk('stop', blockStop)];
        }
        case 'usage':
          return conclude(event);
        default:
          return [];
      }
    },
    finish: () => (stopReason === undefined ? [] : conclude(undefined)),
    exception,
  };
}

const blockStart =
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}';
const blockStop = '{"type":"content_block_stop","index":0}';

function messageStart(model: string, script: StreamScript): string {
  const usage = usageOf({ inputTokens: script.inputTokens, outputTokens: 1 });
  const empty = { content: [], stop_reason: null, stop_sequence: null };
  const message = { ...messageHead(model, script), ...empty, usage };
  return JSON.stringify({ type: 'message_start', message });
}

function messageHead(model: string, { rng }: StreamScript): object {
  return { id: anthropicId('msg', rng.fork('id')), type: 'message', role: 'assistant', model };
}

function stopFields(request: MessagesRequest, reason: StopReason | undefined): object {
  const sequence = reason === 'stop-sequence' ? (request.stopSequences[0] ?? null) : null;
  return { stop_reason: reason ? stopReasons[reason] : null, stop_sequence: sequence };
}

function usageOf({ inputTokens, outputTokens }: TokenCounts): object {
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}
