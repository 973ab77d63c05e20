// Validates a Messages body in the words of Anthropic's own API, which Bedrock and Vertex AI pass
// through. Source: Anthropic API reference, "Messages".

import { ProviderError } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import type { OfferedTool } from '../script/tool.ts';
import { checkThinking, checkToolPairs, readToolChoice, readTools } from './tools.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface MessagesRequest {
  readonly prompt: string;
  readonly inputTokens: number;
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
  readonly tools?: readonly OfferedTool[];
  /** Name of the tool that must be called; empty when any will do. */
  readonly forcedTool?: string;
}

export function readMessagesRequest(body: JsonObject): MessagesRequest {
  for (const field of ['anthropic_version', 'max_tokens', 'messages']) {
    if (body[field] === undefined) throw refused(`${field}: Field required`);
  }
  if (typeof body.anthropic_version !== 'string') {
    throw refused('anthropic_version: Input should be a valid string');
  }
  const maxTokens = body.max_tokens;
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens)) {
    throw refused('max_tokens: Input should be a valid integer');
  }
  if (maxTokens < 1) throw refused('max_tokens: Input should be greater than or equal to 1');
  checkShare(body, 'temperature');
  checkShare(body, 'top_p');
  checkThinking(body, maxTokens);
  const tools = readTools(body);
  const forcedTool = readToolChoice(body, tools);
  const messages = readMessages(body.messages);
  checkToolPairs(body.messages as readonly unknown[]);
  const system = body.system === undefined ? '' : contentText(body.system, 'system');
  const prompt = messages
    .filter(({ role }) => role === 'user')
    .map(({ text }) => text)
    .join('\n');
  const schemas = tools.length === 0 ? 0 : JSON.stringify(body.tools).length;
  const before = system.length + schemas;
  const characters = messages.reduce((sum, { text }) => sum + text.length, before);
  const stopSequences = readStops(body.stop_sequences);
  const inputTokens = tokensOf(characters);
  return {
    prompt,
    inputTokens,
    maxTokens,
    stopSequences,
    ...(tools.length > 0 && { tools }),
    ...(forcedTool !== undefined && { forcedTool }),
  };
}

function checkShare(body: JsonObject, field: string): void {
  const value = body[field];
  if (value === undefined) return;
  if (typeof value !== 'number') throw refused(`${field}: Input should be a valid number`);
  if (value < 0 || value > 1) throw refused(`${field}: range: 0..1`);
}

function readStops(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((stop) => typeof stop === 'string')) return value;
  throw refused('stop_sequences: Input should be a valid list of strings');
}

function readMessages(value: unknown): { role: string; text: string }[] {
  if (!Array.isArray(value)) throw refused('messages: Input should be a valid list');
  if (value.length === 0) throw refused('messages: at least one message is required');
  return value.map((message: unknown, index) => {
    const path = `messages.${index}`;
    if (!isObject(message)) throw refused(`${path}: Input should be a valid dictionary`);
    const { role, content } = message;
    if (role === undefined) throw refused(`${path}.role: Field required`);
    if (role !== 'user' && role !== 'assistant') {
      throw refused(`${path}.role: Input should be 'user' or 'assistant'`);
    }
    if (content === undefined) throw refused(`${path}.content: Field required`);
    const text = contentText(content, `${path}.content`);
    const isEmpty = Array.isArray(content) ? content.length === 0 : text === '';
    const isLastAnswer = role === 'assistant' && index === value.length - 1;
    if (isEmpty && !isLastAnswer) {
      const rule = 'all messages must have non-empty content';
      throw refused(`${path}: ${rule} except for the optional final assistant message`);
    }
    return { role, text };
  });
}

/** Text of a content that is a string or a list of blocks; nested for tool results. */
function contentText(content: unknown, path: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw refused(`${path}: Input should be a valid list`);
  return content.map((block: unknown, index) => blockText(block, `${path}.${index}`)).join('\n');
}

function blockText(block: unknown, path: string): string {
  if (!isObject(block)) throw refused(`${path}: Input should be a valid dictionary`);
  if (block.type === undefined) throw refused(`${path}.type: Field required`);
  if (block.type === 'tool_result' && block.content !== undefined) {
    return contentText(block.content, `${path}.content`);
  }
  if (block.type !== 'text') return '';
  if (typeof block.text !== 'string') throw refused(`${path}.text: Field required`);
  if (block.text === '') throw refused('messages: text content blocks must be non-empty');
  return block.text;
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
