// Which models cache prompts, and from how many tokens on. Source: Bedrock user guide, "Supported
// models, Regions, and limits" of prompt caching.

import type { ModelId } from '../model-id.ts';

/** The first that matches counts; `undefined` for a model that refuses cache points. */
const claude: readonly (readonly [RegExp, number | undefined])[] = [
  [/^claude-(v\d|instant|3-(opus|sonnet|haiku))/, undefined],
  [/^claude-3-5-sonnet-20240620/, undefined],
  [/^claude-3-5-haiku/, 2048],
  [/^claude-(haiku|opus)-4-[5-9]/, 4096],
  [/^claude-/, 1024],
];

/** Tokens before a cache point for it to count; an id that hides its model counts as Claude's. */
export function leastCachedTokens({ vendor, name }: ModelId): number | undefined {
  if (vendor === undefined) return 1024;
  if (vendor === 'anthropic') return claude.find(([pattern]) => pattern.test(name))?.[1];
  return vendor === 'amazon' && /^nova-(\d-)?(micro|lite|pro|premier)/.test(name)
    ? 1000
    : undefined;
}
