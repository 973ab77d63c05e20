// The text of a content block of a checked conversation: what directives and token counts look at.

import { isObject } from './constraints.ts';

export function textOfBlock(block: unknown): string {
  if (!isObject(block)) return '';
  if (typeof block.text === 'string') return block.text;
  const { guardContent, reasoningContent, toolResult } = block;
  if (isObject(toolResult) && Array.isArray(toolResult.content)) {
    return toolResult.content.map(textOfBlock).join('\n');
  }
  if (isObject(guardContent)) return textOfBlock(guardContent.text);
  if (isObject(reasoningContent)) return textOfBlock(reasoningContent.reasoningText);
  return '';
}
