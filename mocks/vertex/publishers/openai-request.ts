// Reads a chat completion request in OpenAI's format, as Mistral, AI21 and the endpoint for open
// models take it. Source: OpenAI API reference, "Create chat completion".

import { ProviderError } from '../../provider.ts';
import { tokensOf } from '../../script/text.ts';
import type { OfferedTool } from '../../script/tool.ts';
import { textOf } from '../json.ts';
import type { JsonObject } from './family.ts';

export interface ChatRequest {
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens?: number;
  readonly tools?: readonly OfferedTool[];
  readonly forcedTool?: string;
  readonly isStreaming: boolean;
}

export function readChatRequest(body: JsonObject): ChatRequest {
  const texts = body.prompt === undefined ? messageTexts(body.messages) : [textOf(body.prompt)];
  const prompt = texts.join('\n');
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  if (maxTokens !== undefined && (!Number.isInteger(maxTokens) || Number(maxTokens) < 1)) {
    throw invalid(`max_tokens must be at least 1, got ${JSON.stringify(maxTokens)}.`);
  }
  return {
    prompt,
    inputTokens: tokensOf(prompt.length),
    ...(maxTokens !== undefined && { maxTokens: Number(maxTokens) }),
    ...readTools(body),
    isStreaming: body.stream === true,
  };
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

function messageTexts(messages: unknown): string[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid('messages: at least one message is required.');
  }
  return messages.map((message: unknown, index) => {
    if (!isObject(message) || !roles.includes(textOf(message.role))) {
      throw invalid(`messages[${index}].role: must be one of ${roles.join(', ')}.`);
    }
    return contentText(message.content);
  });
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((part) => (isObject(part) ? part.text : undefined));
  return texts.filter((text) => typeof text === 'string').join('\n');
}

function readTools({ tools, tool_choice: choice }: JsonObject): Partial<ChatRequest> {
  if (!Array.isArray(tools) || choice === 'none') return {};
  const offered = tools.flatMap((tool: unknown) => {
    const called = isObject(tool) && isObject(tool.function) ? tool.function : undefined;
    return typeof called?.name === 'string'
      ? [{ name: called.name, schema: called.parameters }]
      : [];
  });
  if (isObject(choice) && isObject(choice.function)) {
    return { tools: offered, forcedTool: textOf(choice.function.name) };
  }
  const isForced = choice === 'any' || choice === 'required';
  return { tools: offered, ...(isForced && { forcedTool: '' }) };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): ProviderError {
  return new ProviderError('INVALID_ARGUMENT', message);
}
