// A Messages answer of Claude as one body, wherever it is hosted. Source: Anthropic API reference,
// "Messages".

import type { StopReason } from '../../injectors/stream.ts';
import {
  type CachedTokens,
  type CacheTtl,
  type Collected,
  type CollectedBlock,
  inputOf,
  type TokenCounts,
} from '../script/collector.ts';
import { anthropicCitation } from './citation.ts';
import { anthropicStopReasons } from './stop-reason.ts';

/** What all events of one answer share, and what its host adds to it. */
export interface MessageFacts {
  /** `msg_bdrk_…` or `msg_vrtx_…`. */
  readonly id: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly stopSequences: readonly string[];
  /** Goes before the script's id of a tool call. */
  readonly toolPrefix: string;
  /** Reasoning that comes first and that the client may only send back. */
  readonly hidden: readonly string[];
  /** Present where the request has cache points. */
  readonly cached?: CachedTokens;
}

export function messageBody(facts: MessageFacts, collected: Collected): object {
  const { blocks, stopReason, usage } = collected;
  return {
    ...messageHead(facts),
    content: [...hiddenBlocks(facts), ...blocks.map((block) => contentOf(block, facts))],
    ...stopFields(facts, stopReason),
    ...(usage && { usage: usageOf(facts, usage) }),
  };
}

export function hiddenBlocks({ hidden }: MessageFacts): readonly object[] {
  return hidden.map((data) => ({ type: 'redacted_thinking', data }));
}

export function messageHead({ id, model }: MessageFacts): object {
  return { id, type: 'message', role: 'assistant', model };
}

export function stopFields(facts: MessageFacts, reason: StopReason | undefined): object {
  const sequence = reason === 'stop-sequence' ? (facts.stopSequences[0] ?? null) : null;
  return { stop_reason: reason ? anthropicStopReasons[reason] : null, stop_sequence: sequence };
}

export function usageOf(
  { cached }: MessageFacts,
  { inputTokens, outputTokens }: TokenCounts,
): object {
  return {
    input_tokens: inputTokens,
    ...(cached && cacheCounts(cached)),
    output_tokens: outputTokens,
  };
}

function cacheCounts({ readTokens, writeTokens, writes }: CachedTokens): object {
  const written = (wanted: CacheTtl) =>
    writes.reduce((sum, { ttl, tokens }) => sum + (ttl === wanted ? tokens : 0), 0);
  return {
    cache_creation_input_tokens: writeTokens,
    cache_read_input_tokens: readTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: written('5m'),
      ephemeral_1h_input_tokens: written('1h'),
    },
  };
}

function contentOf(block: CollectedBlock, { toolPrefix }: MessageFacts): object {
  switch (block.kind) {
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: block.signature };
    case 'tool': {
      const { id, name, json } = block;
      return { type: 'tool_use', id: toolPrefix + id, name, input: inputOf(json) };
    }
    case 'text': {
      const { text, citations } = block;
      const cited = citations.length > 0 && { citations: citations.map(anthropicCitation) };
      return { type: 'text', text, ...cited };
    }
  }
}
