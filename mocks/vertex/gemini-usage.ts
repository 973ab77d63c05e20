// UsageMetadata of a whole Gemini answer; its parts add up to its total.

import type { TokenCounts } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import { tokensOf } from '../script/text.ts';

const trafficType = 'ON_DEMAND';

export function usageMetadata(
  usage: TokenCounts | undefined,
  { blocks }: StreamScript,
  cachedTokens: number,
): object {
  if (usage === undefined) return { trafficType };
  const thinkingBytes = blocks.reduce(
    (sum, { kind, bytes }) => (kind === 'thinking' ? sum + bytes : sum),
    0,
  );
  const thoughts = Math.min(usage.outputTokens, tokensOf(thinkingBytes));
  const prompt = usage.inputTokens + cachedTokens;
  const candidates = usage.outputTokens - thoughts;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + usage.outputTokens,
    ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
    trafficType,
    promptTokensDetails: [textTokens(prompt)],
    ...(cachedTokens > 0 && { cacheTokensDetails: [textTokens(cachedTokens)] }),
    candidatesTokensDetails: [textTokens(candidates)],
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}

function textTokens(tokenCount: number): object {
  return { modality: 'TEXT', tokenCount };
}
