// Anthropic Claude through InvokeModel: the Messages body, whole or as chunks whose last one
// carries Bedrock's invocation metrics. Source: Anthropic API reference, "Streaming messages".

import type { StopReason } from '../../../injectors/stream.ts';
import type { Codec, EncodedFrame } from '../../provider.ts';
import type { StreamScript } from '../../script/script.ts';
import { type CollectedBlock, createBodyCodec, inputOf } from '../body-codec.ts';
import { createChunks } from '../chunk.ts';
import { countEvents } from '../event-count.ts';
import { anthropicId } from '../identifiers.ts';
import { anthropicStopReasons } from '../stop-reason.ts';
import { invocationMetrics, type TokenCounts } from '../usage.ts';
import { anthropicCitation } from './anthropic-citation.ts';
import { type MessagesRequest, readMessagesRequest } from './anthropic-request.ts';
import type { ModelFamily } from './family.ts';

export const anthropic: ModelFamily = {
  name: 'anthropic',
  isEmbedding: false,
  matches: ({ vendor }) => vendor === 'anthropic',
  looksLike: (body) => 'anthropic_version' in body,
  read(body, model) {
    const request = readMessagesRequest(body);
    return {
      ...request,
      answer: (script) => createMessageCodec(request, model.name, script),
      stream: (script) => ({
        codec: createMessageStreamCodec(request, model.name, script),
        // message_start, message_delta and message_stop; a block adds its start and stop, thinking
        // its signature, a tool call an empty first piece.
        totalEvents: countEvents(script, { around: 3, thinking: 3, text: 2, tool: 3 }),
      }),
    };
  },
};

function createMessageCodec(request: MessagesRequest, model: string, script: StreamScript): Codec {
  return createBodyCodec(({ blocks, stopReason, usage }) => ({
    ...messageHead(model, script),
    content: blocks.map(contentOf),
    ...stopFields(request, stopReason),
    ...(usage && { usage: usageOf(usage) }),
  }));
}

function contentOf(block: CollectedBlock): object {
  switch (block.kind) {
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: block.signature };
    case 'tool': {
      const { id, name, json } = block;
      return { type: 'tool_use', id: toolId(id), name, input: inputOf(json) };
    }
    case 'text': {
      const { text, citations } = block;
      const cited = citations.length > 0 && { citations: citations.map(anthropicCitation) };
      return { type: 'text', text, ...cited };
    }
  }
}

function createMessageStreamCodec(
  request: MessagesRequest,
  model: string,
  script: StreamScript,
): Codec {
  const { chunk, exception } = createChunks(script);
  let open: CollectedBlock['kind'] | undefined;
  let index = 0;
  let stopReason: StopReason | undefined;
  const close = (): EncodedFrame[] => {
    if (open === undefined) return [];
    open = undefined;
    return [chunk('stop', `{"type":"content_block_stop","index":${index++}}`)];
  };
  const begin = (kind: CollectedBlock['kind'], block: string): EncodedFrame[] => {
    const closed = close();
    open = kind;
    const json = `{"type":"content_block_start","index":${index},"content_block":${block}}`;
    return [...closed, chunk('start', json)];
  };
  const delta = (json: string): EncodedFrame =>
    chunk('delta', `{"type":"content_block_delta","index":${index},"delta":${json}}`);
  const within = (kind: 'text' | 'thinking', json: string): EncodedFrame[] => [
    ...(open === kind ? [] : begin(kind, emptyBlock[kind])),
    delta(json),
  ];
  const toolDelta = (json: string) =>
    delta(`{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}`);
  /** Stop and usage share message_delta, so it waits until usage is known or the events end. */
  const conclude = (usage: TokenCounts | undefined): EncodedFrame[] => {
    const fields = stopFields(request, stopReason);
    const counts = usage && { usage: { output_tokens: usage.outputTokens } };
    const metrics = usage && {
      'amazon-bedrock-invocationMetrics': invocationMetrics(usage, script),
    };
    stopReason = undefined;
    return [
      chunk('stop', JSON.stringify({ type: 'message_delta', delta: fields, ...counts })),
      chunk('usage', JSON.stringify({ type: 'message_stop', ...metrics })),
    ];
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [chunk('start', messageStart(model, script))];
        case 'text':
          return within('text', `{"type":"text_delta","text":${JSON.stringify(event.text)}}`);
        case 'citation': {
          const citation = anthropicCitation(event.citation);
          return within('text', JSON.stringify({ type: 'citations_delta', citation }));
        }
        case 'thinking':
          return within(
            'thinking',
            `{"type":"thinking_delta","thinking":${JSON.stringify(event.text)}}`,
          );
        case 'signature':
          return within('thinking', `{"type":"signature_delta","signature":"${event.signature}"}`);
        case 'tool-call': {
          const { id, name } = event;
          const block = { type: 'tool_use', id: toolId(id), name, input: {} };
          return [...begin('tool', JSON.stringify(block)), toolDelta('')];
        }
        case 'tool-input':
          return [toolDelta(event.json)];
        case 'stop':
          stopReason = event.reason;
          return close();
        case 'usage':
          return conclude(event);
      }
    },
    finish: () => (stopReason === undefined ? [] : conclude(undefined)),
    exception,
  };
}

const emptyBlock = {
  text: '{"type":"text","text":""}',
  thinking: '{"type":"thinking","thinking":"","signature":""}',
} as const;

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
  return { stop_reason: reason ? anthropicStopReasons[reason] : null, stop_sequence: sequence };
}

function usageOf({ inputTokens, outputTokens }: TokenCounts): object {
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}

function toolId(id: string): string {
  return `toolu_bdrk_01${id}`;
}
