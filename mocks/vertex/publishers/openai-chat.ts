// Chat completions in OpenAI's format, whole or as SSE with LF endings and a final [DONE]: Mistral
// and AI21 through raw calls, Llama and other open models through their endpoint.
// Source: OpenAI API reference, "Chat completions".

import { systemClock } from '../../../injectors/determinism.ts';
import type { StopReason } from '../../../injectors/stream.ts';
import { sseFrame } from '../../codec/sse.ts';
import type { Codec } from '../../provider.ts';
import type { Collected, CollectedBlock, TokenCounts } from '../../script/collector.ts';
import type { StreamScript } from '../../script/script.ts';
import { errorJson, googleError } from '../errors.ts';
import { prefixedId } from '../identifiers.ts';
import type { RawFamily } from './family.ts';
import { readChatRequest } from './openai-request.ts';

const publishers = ['mistralai', 'ai21', 'meta', 'openai', 'xai', 'deepseek-ai', 'qwen'];
const furtherPublishers = ['moonshotai', 'minimaxai', 'zai-org', 'google'];

export const openaiChat: RawFamily = {
  name: 'openai-chat',
  matches: (publisher) => [...publishers, ...furtherPublishers].includes(publisher),
  read(body, pathModel) {
    const request = readChatRequest(body);
    const model = typeof body.model === 'string' ? body.model : pathModel;
    return {
      ...request,
      body: (collected, script) => completion(collected, head('chat.completion', model, script)),
      stream: (script) => ({
        codec: chunkCodec(head('chat.completion.chunk', model, script)),
        // One chunk per piece, the start of each call, and the last chunk.
        totalEvents: script.blocks.reduce(
          (sum, { kind, events }) => sum + events + (kind === 'tool' ? 1 : 0),
          1,
        ),
      }),
    };
  },
};

const finishReasons: Readonly<Record<StopReason, string>> = {
  end: 'stop',
  'max-tokens': 'length',
  'stop-sequence': 'stop',
  'tool-use': 'tool_calls',
  'content-filter': 'content_filter',
  guardrail: 'content_filter',
  'context-window': 'length',
  'malformed-tool': 'stop',
  'malformed-output': 'stop',
};

function head(object: string, model: string, script: StreamScript): object {
  const created = Math.floor(systemClock.wallTime().getTime() / 1000);
  return { id: prefixedId('chatcmpl-', 29, script.rng.fork('id')), object, created, model };
}

function completion({ blocks, stopReason, usage }: Collected, facts: object): object {
  const join = (kind: 'text' | 'thinking') =>
    blocks.map((block) => (block.kind === kind ? block.text : '')).join('');
  const calls = blocks.flatMap((block) => (block.kind === 'tool' ? [toolCall(block)] : []));
  const reasoning = join('thinking');
  const message = {
    role: 'assistant',
    content: join('text') === '' && calls.length > 0 ? null : join('text'),
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const finish_reason = stopReason === undefined ? null : finishReasons[stopReason];
  const choices = [{ index: 0, message, finish_reason, logprobs: null }];
  return { ...facts, choices, ...(usage && { usage: usageOf(usage) }) };
}

function toolCall({ id, name, json }: Extract<CollectedBlock, { kind: 'tool' }>): object {
  return { id: `call_${id}`, type: 'function', function: { name, arguments: json } };
}

function usageOf({ inputTokens, outputTokens }: TokenCounts): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}

function chunkCodec(facts: object): Codec {
  const open = JSON.stringify({ ...facts, choices: 0 }).slice(0, -2);
  const choice = (delta: string, finish = 'null') =>
    `${open}[{"index":0,"delta":${delta},"finish_reason":${finish}}]}`;
  const delta = (json: string) => [sseFrame('delta', choice(json), '\n')];
  let calls = 0;
  let stop: StopReason | undefined;
  let isDone = false;
  const callDelta = (call: object) => delta(JSON.stringify({ tool_calls: [call] }));
  const last = (usage: TokenCounts | undefined) => {
    const reason = stop === undefined ? 'null' : `"${finishReasons[stop]}"`;
    const whole = choice('{"content":""}', reason);
    const counted = usage
      ? `${whole.slice(0, -1)},"usage":${JSON.stringify(usageOf(usage))}}`
      : whole;
    isDone = true;
    return [sseFrame('stop', counted, '\n')];
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'text':
          return delta(`{"role":"assistant","content":${JSON.stringify(event.text)}}`);
        case 'thinking':
          return delta(`{"role":"assistant","reasoning_content":${JSON.stringify(event.text)}}`);
        case 'tool-call': {
          const called = { name: event.name, arguments: '' };
          const id = `call_${event.id}`;
          return callDelta({ index: calls++, id, type: 'function', function: called });
        }
        case 'tool-input':
          return callDelta({ index: calls - 1, function: { arguments: event.json } });
        case 'stop':
          stop = event.reason;
          return [];
        case 'usage':
          return last(event);
        default:
          return [];
      }
    },
    finish() {
      const rest = isDone || stop === undefined ? [] : last(undefined);
      const done = { bytes: Buffer.from('data: [DONE]\n\n'), label: 'framing' } as const;
      return [...rest, done];
    },
    exception(name, message) {
      const error = JSON.stringify(JSON.parse(errorJson(googleError(name, message))));
      return [sseFrame('exception', error, '\n')];
    },
  };
}
