// The conversation of a Converse, CountTokens or Nova request: checked, and reduced to what scripts
// and directives need of it.

import type { Call } from '../provider.ts';
import { tokensOf } from '../script/text.ts';
import type { OfferedTool } from '../script/tool.ts';
import { isObject, type JsonObject, objectOf } from './constraints.ts';
import { textOfBlock } from './content-block.ts';
import { checkConversation, type Message } from './conversation.ts';

/** Of a body whose members were checked. */
export function readConversation(
  body: JsonObject,
): Pick<Call, 'prompt' | 'inputTokens' | 'tools' | 'forcedTool'> {
  const messages = (Array.isArray(body.messages) ? body.messages : []) as readonly Message[];
  checkConversation(messages, isObject(body.toolConfig));
  const texts = messages.map(({ role, content }) => ({
    role,
    text: content.map(textOfBlock).join('\n'),
  }));
  const system = (Array.isArray(body.system) ? body.system : []).map(textOfBlock).join('\n');
  const config = objectOf(body.toolConfig);
  const tools = isObject(body.toolConfig) ? readTools(config) : undefined;
  const schemas = tools === undefined ? 0 : JSON.stringify(config.tools).length;
  const characters = texts.reduce((sum, { text }) => sum + text.length, system.length + schemas);
  const forcedTool = readChoice(config.toolChoice);
  const said = texts.filter(({ role }) => role === 'user').map(({ text }) => text);
  return {
    prompt: said.join('\n'),
    inputTokens: tokensOf(characters),
    ...(tools && { tools }),
    ...(forcedTool !== undefined && { forcedTool }),
  };
}

function readTools({ tools }: JsonObject): OfferedTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool) => {
    const spec = objectOf(objectOf(tool).toolSpec);
    if (typeof spec.name !== 'string') return [];
    return [{ name: spec.name, schema: objectOf(spec.inputSchema).json }];
  });
}

/** Name of the tool that must be called, empty for any; undefined where the model may choose. */
function readChoice(choice: unknown): string | undefined {
  const { any, tool } = objectOf(choice);
  if (any !== undefined) return '';
  return isObject(tool) ? String(tool.name) : undefined;
}
