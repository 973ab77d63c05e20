// The parts of a prompt in the order in which they are cached, tools, system, messages, from both
// vocabularies: Converse's and Nova's `cachePoint` blocks, and `cache_control` inside the blocks of
// a Messages body.

import { ProviderError } from '../../provider.ts';
import type { CacheTtl } from '../../script/collector.ts';
import { isObject, type JsonObject, objectOf } from '../constraints.ts';
import { textOfBlock } from '../content-block.ts';
import type { PromptPart } from './prompt-cache.ts';

const maxPoints = 4;

/** Undefined where nothing is to be cached, so that other prompts are not even written out. */
export function partsOfConversation(body: JsonObject): readonly PromptPart[] | undefined {
  const parts: { json: string; characters: number; ttl?: CacheTtl }[] = [];
  const add = (block: JsonObject, around: object, isTool: boolean) => {
    const { cachePoint } = block;
    const last = parts.at(-1);
    if (!isObject(cachePoint)) {
      const json = JSON.stringify({ ...around, block });
      parts.push({ json, characters: isTool ? json.length : textOfBlock(block).length });
    } else if (last !== undefined) last.ttl = cachePoint.ttl === '1h' ? '1h' : '5m';
  };
  const tools = objectsOf(objectOf(body.toolConfig).tools);
  const system = objectsOf(body.system);
  const messages = objectsOf(body.messages);
  const contents = messages.map(({ content }) => objectsOf(content));
  if (![tools, system, ...contents].some((blocks) => blocks.some(isPoint))) return undefined;
  for (const tool of tools) add(tool, { in: 'tools' }, true);
  for (const block of system) add(block, { in: 'system' }, false);
  for (const [index, { role }] of messages.entries()) {
    for (const block of contents[index] ?? []) add(block, { in: role }, false);
  }
  return checked(parts);
}

function isPoint({ cachePoint }: JsonObject): boolean {
  return isObject(cachePoint);
}

export function partsOfMessages(body: JsonObject): readonly PromptPart[] | undefined {
  const part = (block: JsonObject, where: unknown, isTool: boolean): PromptPart => {
    const { cache_control: control, ...rest } = block;
    const json = JSON.stringify({ in: where, block: rest });
    const ttl = isObject(control) ? ({ ttl: control.ttl === '1h' ? '1h' : '5m' } as const) : {};
    return { json, characters: isTool ? json.length : textOfMessageBlock(rest).length, ...ttl };
  };
  const blocks = (content: unknown) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);
  return checked([
    ...objectsOf(body.tools).map((tool) => part(tool, 'tools', true)),
    ...blocks(body.system).map((block) => part(block, 'system', false)),
    ...objectsOf(body.messages).flatMap(({ role, content }) =>
      blocks(content).map((block) => part(block, role, false)),
    ),
  ]);
}

function checked(parts: readonly PromptPart[]): readonly PromptPart[] | undefined {
  const points = parts.flatMap(({ ttl }) => (ttl === undefined ? [] : [ttl]));
  if (points.length > maxPoints) {
    const what = `A maximum of ${maxPoints} blocks with cache_control may be provided.`;
    throw refused(`${what} Found ${points.length}.`);
  }
  if (points.includes('5m') && points.lastIndexOf('1h') > points.indexOf('5m')) {
    throw refused(
      "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note " +
        'that blocks are processed in the following order: `tools`, `system`, `messages`.',
    );
  }
  return points.length === 0 ? undefined : parts;
}

/** Text of a block; a tool's result has blocks inside. */
function textOfMessageBlock({ text, content }: JsonObject): string {
  if (typeof text === 'string') return text;
  if (typeof content === 'string') return content;
  return objectsOf(content).map(textOfMessageBlock).join('\n');
}

function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function refused(message: string): ProviderError {
  return new ProviderError('validation', `The model returned the following errors: ${message}`);
}
