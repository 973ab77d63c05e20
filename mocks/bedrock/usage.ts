// Figures that Bedrock reports beside an answer, in the spelling of each place, all derived from
// one script so that they agree.

import type { CachedTokens, TokenCounts } from '../script/collector.ts';
import type { StreamScript } from '../script/script.ts';
import type { InvokeExtras } from './models/family.ts';

/** Usage of Converse and ConverseStream, with the unmodelled fields the service sends. */
export function converseUsage(
  { inputTokens, outputTokens }: TokenCounts,
  cached: CachedTokens | undefined,
): object {
  const { readTokens = 0, writeTokens = 0, writes = [] } = cached ?? {};
  const details = writes.map(({ ttl, tokens }) => ({ inputTokens: tokens, ttl }));
  return {
    ...(details.length > 0 && { cacheDetails: details }),
    cacheReadInputTokenCount: readTokens,
    cacheReadInputTokens: readTokens,
    cacheWriteInputTokenCount: writeTokens,
    cacheWriteInputTokens: writeTokens,
    inputTokens,
    outputTokens,
    serverToolUsage: {},
    totalTokens: inputTokens + outputTokens + readTokens + writeTokens,
  };
}

/** What the last chunk of InvokeModelWithResponseStream has beside the model's own fields. */
export function lastChunkFields(
  counts: TokenCounts,
  script: StreamScript,
  extras: Partial<InvokeExtras> = {},
): object {
  const metrics = invocationMetrics(counts, script, extras.cached);
  return { 'amazon-bedrock-invocationMetrics': metrics, ...extras.guardrail };
}

function invocationMetrics(
  counts: TokenCounts,
  script: StreamScript,
  cached: CachedTokens | undefined,
): object {
  return {
    inputTokenCount: counts.inputTokens,
    outputTokenCount: counts.outputTokens,
    invocationLatency: latencyMs(script),
    firstByteLatency: Math.max(1, Math.round(script.settings.ttft)),
    ...(cached && {
      cacheReadInputTokenCount: cached.readTokens,
      cacheWriteInputTokenCount: cached.writeTokens,
    }),
  };
}

/** Headers of InvokeModel; embeddings have no output count. */
export function invocationHeaders(
  script: StreamScript,
  hasOutput: boolean,
  cached: CachedTokens | undefined,
): Readonly<Record<string, string>> {
  return {
    'X-Amzn-Bedrock-Invocation-Latency': String(latencyMs(script)),
    ...(hasOutput && {
      'X-Amzn-Bedrock-Cache-Read-Input-Token-Count': String(cached?.readTokens ?? 0),
      'X-Amzn-Bedrock-Cache-Write-Input-Token-Count': String(cached?.writeTokens ?? 0),
      'X-Amzn-Bedrock-Output-Token-Count': String(script.outputTokens),
    }),
    'X-Amzn-Bedrock-Input-Token-Count': String(script.inputTokens),
  };
}

/** What the script says it takes; a measured time would differ from run to run. */
export function latencyMs({ settings, blocks }: StreamScript): number {
  const pieces = blocks.reduce((sum, { events }) => sum + events, 0);
  return Math.max(1, Math.round(settings.ttft + settings.gap * pieces));
}
