// Figures that Bedrock reports beside an answer, in the spelling of each place, all derived from
// one script so that they agree.

import type { StreamScript } from '../script/script.ts';

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Usage of Converse and ConverseStream, with the unmodelled fields the service sends. */
export function converseUsage({ inputTokens, outputTokens }: TokenCounts): object {
  return {
    cacheReadInputTokenCount: 0,
    cacheReadInputTokens: 0,
    cacheWriteInputTokenCount: 0,
    cacheWriteInputTokens: 0,
    inputTokens,
    outputTokens,
    serverToolUsage: {},
    totalTokens: inputTokens + outputTokens,
  };
}

/** The extra key in the last chunk of InvokeModelWithResponseStream. */
export function invocationMetrics(counts: TokenCounts, script: StreamScript): object {
  return {
    inputTokenCount: counts.inputTokens,
    outputTokenCount: counts.outputTokens,
    invocationLatency: latencyMs(script),
    firstByteLatency: Math.max(1, Math.round(script.settings.ttft)),
  };
}

/** Headers of InvokeModel; embeddings have no output count. */
export function invocationHeaders(
  script: StreamScript,
  hasOutput: boolean,
): Readonly<Record<string, string>> {
  return {
    'X-Amzn-Bedrock-Invocation-Latency': String(latencyMs(script)),
    ...(hasOutput && {
      'X-Amzn-Bedrock-Cache-Read-Input-Token-Count': '0',
      'X-Amzn-Bedrock-Cache-Write-Input-Token-Count': '0',
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
