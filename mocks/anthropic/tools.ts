// Tools and thinking of a Messages body: which tools there are, which must be called, and whether
// calls and results of a conversation belong together. Source: Anthropic API reference, "Messages".

import { ProviderError } from '../provider.ts';
import type { OfferedTool } from '../script/tool.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const namePattern = /^[a-zA-Z0-9_-]{1,128}$/;
const leastBudget = 1024;

/** Tools the body defines; those that the provider runs itself have a type of their own. */
export function readTools({ tools }: JsonObject): OfferedTool[] {
  if (tools === undefined) return [];
  if (!Array.isArray(tools)) throw refused('tools: Input should be a valid list');
  return tools.map((tool: unknown, index) => {
    const path = `tools.${index}`;
    if (!isObject(tool)) throw refused(`${path}: Input should be a valid dictionary`);
    const { name, type = 'custom', input_schema: schema } = tool;
    if (typeof name !== 'string') throw refused(`${path}.name: Field required`);
    if (!namePattern.test(name)) {
      const rule = `String should match pattern '${namePattern.source}'`;
      throw refused(`${path}.custom.name: ${rule}`);
    }
    if (type === 'custom' && !isObject(schema)) {
      throw refused(`${path}.custom.input_schema: Field required`);
    }
    return { name, schema };
  });
}

/** Name of the tool that must be called, empty for any; undefined where the model may choose. */
export function readToolChoice(
  { tool_choice: choice }: JsonObject,
  tools: readonly OfferedTool[],
): string | undefined {
  if (choice === undefined) return undefined;
  if (!isObject(choice)) throw refused('tool_choice: Input should be a valid dictionary');
  if (tools.length === 0 && choice.type !== 'none') {
    throw refused('tool_choice may only be specified while providing tools.');
  }
  switch (choice.type) {
    case 'auto':
    case 'none':
      return undefined;
    case 'any':
      return '';
    case 'tool': {
      const { name } = choice;
      if (typeof name !== 'string') throw refused('tool_choice.tool.name: Field required');
      if (tools.some((tool) => tool.name === name)) return name;
      throw refused(`Tool '${name}' not found in provided tools`);
    }
    default: {
      const tags = "'auto', 'any', 'tool', 'none'";
      const tag = typeof choice.type === 'string' ? choice.type : '';
      throw refused(`tool_choice: Input tag '${tag}' does not match any of: ${tags}`);
    }
  }
}

export function checkThinking({ thinking }: JsonObject, maxTokens: number): void {
  if (!isObject(thinking) || thinking.type !== 'enabled') return;
  const { budget_tokens: budget } = thinking;
  if (budget === undefined) throw refused('thinking.enabled.budget_tokens: Field required');
  if (typeof budget !== 'number' || budget < leastBudget) {
    const rule = `Input should be greater than or equal to ${leastBudget}`;
    throw refused(`thinking.enabled.budget_tokens: ${rule}`);
  }
  if (budget >= maxTokens) {
    throw refused('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
}

/** Each call is answered in the very next message, and nothing else is answered there. */
export function checkToolPairs(messages: readonly unknown[]): void {
  messages.forEach((message, index) => {
    const called = idsOf(messages[index - 1], 'tool_use', 'id');
    const answered = idsOf(message, 'tool_result', 'tool_use_id');
    const missing = called.filter((id) => !answered.includes(id));
    if (missing.length > 0) {
      throw refused(
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks ` +
          `immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a ` +
          'corresponding `tool_result` block in the next message.',
      );
    }
    const stray = answered.findIndex((id) => !called.includes(id));
    if (stray === -1) return;
    throw refused(
      `messages.${index}.content.${stray}: unexpected \`tool_use_id\` found in \`tool_result\` ` +
        `blocks: ${answered[stray]}. Each \`tool_result\` block must have a corresponding ` +
        '`tool_use` block in the previous message.',
    );
  });
}

function idsOf(message: unknown, type: string, key: string): string[] {
  if (!isObject(message) || !Array.isArray(message.content)) return [];
  return message.content.flatMap((block: unknown, index) => {
    if (!isObject(block) || block.type !== type) return [];
    const id = block[key];
    if (typeof id === 'string') return [id];
    throw refused(`messages.content.${index}.${type}.${key}: Field required`);
  });
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', message);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
