// Mistral chat completion, for Mistral Large and what came after it. Source: Bedrock user guide,
// "Mistral AI chat completion"; its stream has no page there and follows the same form.

import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import { isObject, type JsonObject, objectOf } from '../constraints.ts';
import { shortStopReasons as reasons } from '../stop-reason.ts';
import { type TextAnswer, textFamily } from './text-family.ts';

export const mistralChat = textFamily({
  name: 'mistral-chat',
  matches: ({ vendor, name }) =>
    vendor === 'mistral' && !/^(mistral-7b|mixtral|mistral-small-2402)/.test(name),
  looksLike: (body) => 'messages' in body,
  schema: {
    messages: { required: true, type: 'JSONArray', min: 1, items: { type: 'JSONObject' } },
    tools: { type: 'JSONArray', items: { type: 'JSONObject' } },
    tool_choice: { type: 'String', values: ['auto', 'any', 'none'] },
    max_tokens: { type: 'Integer', min: 1, max: 131_072 },
    temperature: { type: 'Number', min: 0, max: 1 },
    top_p: { type: 'Number', min: 0, max: 1 },
  },
  read({ messages, max_tokens: maxTokens, tools, tool_choice: choice }) {
    const said = (Array.isArray(messages) ? messages : []).map(objectOf);
    const texts = said.map(({ content }) => (typeof content === 'string' ? content : ''));
    const schemas = tools === undefined ? 0 : JSON.stringify(tools).length;
    const characters = texts.reduce((sum, text) => sum + text.length, schemas);
    return {
      prompt: texts.filter((_, index) => said[index]?.role === 'user').join('\n'),
      inputTokens: tokensOf(characters),
      ...(typeof maxTokens === 'number' && { maxTokens }),
      ...(Array.isArray(tools) && { tools: tools.map(offered) }),
      ...(choice === 'any' && { forcedTool: '' }),
    };
  },
  whole: (answer) => choice(answer.text, answer),
  chunks: {
    count: ({ textEvents }) => textEvents + 1,
    open: () => ({ text: ({ text }) => [choice(text)] }),
    last: (answer) => [choice('', answer)],
  },
});

function offered(tool: unknown): OfferedTool {
  const { name, parameters } = objectOf(objectOf(tool).function);
  return { name: String(name), ...(isObject(parameters) && { schema: parameters }) };
}

/** `answer` where it is complete, which tells the calls and why the model stopped. */
function choice(content: string, answer?: TextAnswer): JsonObject {
  const calls = answer === undefined ? [] : callsOf(answer);
  const reason = answer?.stopReason;
  const stop = reason === 'tool-use' ? 'tool_calls' : reason && reasons[reason];
  const message = { role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) };
  return { choices: [{ index: 0, message, stop_reason: stop ?? null }] };
}

function callsOf({ script }: TextAnswer): object[] {
  return script.blocks.flatMap((block) => {
    if (block.kind !== 'tool') return [];
    const { id, name, json } = block.call;
    return [{ id: id.slice(0, 9), function: { name, arguments: json } }];
  });
}
