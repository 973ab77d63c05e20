// Amazon Nova understanding models: Converse's vocabulary in a body of their own. Every piece of
// text is a block of its own in their stream. Source: Nova user guide, "Request schema".

import type { ModelEvent } from '../../../injectors/stream.ts';
import { type CollectedBlock, inputOf } from '../../script/collector.ts';
import type { StreamScript } from '../../script/script.ts';
import { isObject, type JsonObject } from '../constraints.ts';
import { conversationMembers } from '../converse-shape.ts';
import { toolUseId } from '../identifiers.ts';
import { partsOfConversation } from '../prompt-cache/prompt-parts.ts';
import { readConversation } from '../read-conversation.ts';
import { checkMembers } from '../shape.ts';
import { stopReasons } from '../stop-reason.ts';
import { type TextAnswer, textFamily } from './text-family.ts';

export const nova = textFamily({
  name: 'nova',
  matches: ({ vendor, name }) =>
    vendor === 'amazon' && /^nova-(\d-)?(micro|lite|pro|premier|omni)/.test(name),
  looksLike: (body) => 'schemaVersion' in body || 'inferenceConfig' in body,
  schema: {
    schemaVersion: { type: 'String', values: ['messages-v1'] },
    messages: { required: true, type: 'JSONArray', min: 1, items: { type: 'JSONObject' } },
    system: { type: 'JSONArray', items: { type: 'JSONObject' } },
    inferenceConfig: {
      type: 'JSONObject',
      members: {
        maxTokens: { type: 'Integer', min: 1 },
        max_new_tokens: { type: 'Integer', min: 1 },
        temperature: { type: 'Number', min: 0, max: 1 },
        topP: { type: 'Number', min: 0, max: 1 },
        top_p: { type: 'Number', min: 0, max: 1 },
        topK: { type: 'Integer', min: 0, max: 128 },
        top_k: { type: 'Integer', min: 0, max: 128 },
        stopSequences: { type: 'JSONArray', items: { type: 'String' } },
        reasoningConfig: { type: 'JSONObject' },
      },
    },
    toolConfig: { type: 'JSONObject' },
    reasoningConfig: { type: 'JSONObject' },
  },
  read(body) {
    checkMembers(body, conversationMembers);
    const config: JsonObject = isObject(body.inferenceConfig) ? body.inferenceConfig : {};
    const maxTokens = config.maxTokens ?? config.max_new_tokens;
    return {
      ...readConversation(body),
      parts: partsOfConversation(body),
      ...(typeof maxTokens === 'number' && { maxTokens }),
    };
  },
  whole: ({ blocks, stopReason, usage, cached }) => ({
    output: { message: { content: blocks.flatMap(contentOf), role: 'assistant' } },
    stopReason: stopReason ? stopReasons[stopReason] : null,
    ...(usage && { usage: usageOf(usage, cached, true) }),
  }),
  chunks: {
    count: countChunks,
    start: () => [{ messageStart: { role: 'assistant' } }],
    open: openChunks,
    last: ({ stopReason, usage, cached }: TextAnswer) => [
      { messageStop: { stopReason: stopReason ? stopReasons[stopReason] : null } },
      { metadata: { usage: usageOf(usage, cached, false), metrics: {}, trace: {} } },
    ],
  },
});

type ToolEvent = Extract<ModelEvent, { kind: 'tool-call' | 'tool-input' }>;

/** Counts blocks; a call's whole input is one delta, sent when the call is complete. */
function openChunks() {
  let index = 0;
  let input: string | undefined;
  const delta = (value: object) => ({
    contentBlockDelta: { delta: value, contentBlockIndex: index },
  });
  const stop = () => ({ contentBlockStop: { contentBlockIndex: index++ } });
  const closeCall = () => {
    if (input === undefined) return [];
    const whole = delta({ toolUse: { input } });
    input = undefined;
    return [whole, stop()];
  };
  return {
    text: ({ text }: { readonly text: string }) => [delta({ text }), stop()],
    tool(event: ToolEvent | undefined) {
      if (event?.kind === 'tool-input') {
        input = (input ?? '') + event.json;
        return [];
      }
      const closed = closeCall();
      if (event === undefined) return closed;
      input = '';
      const toolUse = { toolUseId: toolUseId(event.id), name: event.name };
      const start = { contentBlockStart: { start: { toolUse }, contentBlockIndex: index } };
      return [...closed, start];
    },
  };
}

function countChunks({ blocks }: StreamScript): number {
  return blocks.reduce(
    (sum, { kind, events }) => sum + (kind === 'text' ? 2 * events : kind === 'tool' ? 3 : 0),
    3,
  );
}

function usageOf(
  usage: TextAnswer['usage'],
  cached: TextAnswer['cached'],
  hasTotal: boolean,
): object {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  const { readTokens = 0, writeTokens = 0 } = cached ?? {};
  return {
    inputTokens,
    outputTokens,
    ...(hasTotal && { totalTokens: inputTokens + outputTokens + readTokens + writeTokens }),
    cacheReadInputTokenCount: readTokens,
    cacheWriteInputTokenCount: writeTokens,
  };
}

function contentOf(block: CollectedBlock): object[] {
  switch (block.kind) {
    case 'thinking':
      return [{ reasoningContent: { reasoningText: { text: block.text } } }];
    case 'text':
      return [{ text: block.text }];
    case 'tool': {
      const { id, name, json } = block;
      return [{ toolUse: { toolUseId: toolUseId(id), name, input: inputOf(json) } }];
    }
  }
}
