// The explicit list of publishers' families: adding one is a file beside this and a line here.

import { anthropic } from './anthropic.ts';
import type { RawFamily } from './family.ts';
import { openaiChat } from './openai-chat.ts';

/** The last one takes every publisher that speaks OpenAI's format. */
const families: readonly RawFamily[] = [anthropic, openaiChat];

export function rawFamily(publisher: string, model: string): RawFamily | undefined {
  return families.find((family) => family.matches(publisher, model));
}
