// Cohere Command R and R+ (chat). Source: Bedrock user guide, "Cohere Command R and Command R+".

import { inputOf } from '../../script/collector.ts';
import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import { isObject, type JsonObject } from '../constraints.ts';
import { randomUuid } from '../identifiers.ts';
import { cohereFinishReasons as reasons } from '../stop-reason.ts';
import type { Schema } from './malformed.ts';
import { type TextAnswer, textFamily } from './text-family.ts';

const share: Schema = { type: 'Number', min: 0, max: 1 };
const objects: Schema = { type: 'JSONArray', items: { type: 'JSONObject' } };

export const cohereCommandR = textFamily({
  name: 'cohere-command-r',
  matches: ({ vendor, name }) => vendor === 'cohere' && name.startsWith('command-r'),
  looksLike: (body) => 'message' in body,
  schema: {
    message: { required: true, type: 'String', min: 1 },
    chat_history: objects,
    documents: objects,
    search_queries_only: { type: 'Boolean' },
    preamble: { type: 'String' },
    max_tokens: { type: 'Integer', min: 1, max: 4096 },
    temperature: share,
    p: { type: 'Number', min: 0.01, max: 0.99 },
    k: { type: 'Number', min: 0, max: 500 },
    prompt_truncation: { type: 'String', values: ['OFF', 'AUTO_PRESERVE_ORDER'] },
    frequency_penalty: share,
    presence_penalty: share,
    seed: { type: 'Number' },
    return_prompt: { type: 'Boolean' },
    tools: objects,
    tool_results: objects,
    stop_sequences: { type: 'JSONArray', items: { type: 'String' } },
    raw_prompting: { type: 'Boolean' },
  },
  read({ message, preamble, max_tokens: maxTokens, tools }) {
    const text = String(message);
    const before = typeof preamble === 'string' ? preamble.length : 0;
    return {
      prompt: text,
      inputTokens: tokensOf(text.length + before),
      ...(typeof maxTokens === 'number' && { maxTokens }),
      ...(Array.isArray(tools) && { tools: tools.map(offered) }),
    };
  },
  whole,
  chunks: {
    // Command R tells its calls in one event of their own, before the end.
    count: ({ textEvents, blocks }) =>
      textEvents + 1 + (blocks.some(({ kind }) => kind === 'tool') ? 1 : 0),
    repeatsText: true,
    open: () => ({
      text: ({ text }) => [{ is_finished: false, event_type: 'text-generation', text }],
    }),
    last(answer) {
      const calls = callsOf(answer);
      const response = whole(answer);
      const reason = answer.stopReason && { finish_reason: reasons[answer.stopReason] };
      const end = { is_finished: true, event_type: 'stream-end', response, ...reason };
      const told = { is_finished: false, event_type: 'tool-calls-generation', tool_calls: calls };
      return calls.length > 0 ? [told, end] : [end];
    },
  },
});

/** Command R describes parameters by Python's names of types. */
function offered(tool: unknown): OfferedTool {
  const { name, parameter_definitions: parameters } = isObject(tool) ? tool : ({} as JsonObject);
  const types: Readonly<Record<string, string>> = {
    str: 'string',
    int: 'integer',
    float: 'number',
    bool: 'boolean',
  };
  const properties = Object.entries(isObject(parameters) ? parameters : {}).map(([key, value]) => [
    key,
    { type: types[String(isObject(value) ? value.type : '')] ?? 'string' },
  ]);
  const schema = { type: 'object', properties: Object.fromEntries(properties) };
  return { name: String(name), schema };
}

function callsOf({ script }: TextAnswer): object[] {
  return script.blocks.flatMap((block) =>
    block.kind === 'tool' ? [{ name: block.call.name, parameters: inputOf(block.call.json) }] : [],
  );
}

function whole(answer: TextAnswer): object {
  const { text, stopReason, script, body } = answer;
  const rng = script.rng.fork('id');
  const history = Array.isArray(body.chat_history) ? body.chat_history : [];
  const calls = callsOf(answer);
  return {
    response_id: randomUuid(rng),
    text,
    generation_id: randomUuid(rng),
    chat_history: [
      ...history,
      { role: 'USER', message: body.message },
      { role: 'CHATBOT', message: text },
    ],
    finish_reason: stopReason ? reasons[stopReason] : null,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
