// What a whole answer consists of: the model's events put together again, for answers that are one
// body. An event that a fault took away leaves its part out, as a service that lost it would.

import type { Citation, ModelEvent, StopReason } from '../../injectors/stream.ts';

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type CacheTtl = '5m' | '1h';

/** Tokens of a prompt that its provider's cache spared or kept; `inputTokens` are the others. */
export interface CachedTokens {
  readonly readTokens: number;
  readonly writeTokens: number;
  readonly writes: readonly { readonly ttl: CacheTtl; readonly tokens: number }[];
}

/** What a whole answer consists of. */
export interface Collected {
  /** All text blocks, joined. */
  readonly text: string;
  readonly blocks: readonly CollectedBlock[];
  readonly stopReason: StopReason | undefined;
  readonly usage: TokenCounts | undefined;
}

export type CollectedBlock =
  | { readonly kind: 'text'; text: string; readonly citations: Citation[] }
  | { readonly kind: 'thinking'; text: string; signature: string }
  | { readonly kind: 'tool'; readonly id: string; readonly name: string; json: string };

export interface Collector {
  add(event: ModelEvent): void;
  collected(): Collected;
}

export function createCollector(): Collector {
  const blocks: CollectedBlock[] = [];
  let stopReason: StopReason | undefined;
  let usage: TokenCounts | undefined;
  const textBlock = () => {
    const last = blocks.at(-1);
    if (last?.kind === 'text') return last;
    const block = { kind: 'text' as const, text: '', citations: [] };
    blocks.push(block);
    return block;
  };
  const thinkingBlock = () => {
    const last = blocks.at(-1);
    if (last?.kind === 'thinking') return last;
    const block = { kind: 'thinking' as const, text: '', signature: '' };
    blocks.push(block);
    return block;
  };
  return {
    add(event) {
      if (event.kind === 'text') textBlock().text += event.text;
      else if (event.kind === 'citation') textBlock().citations.push(event.citation);
      else if (event.kind === 'thinking') thinkingBlock().text += event.text;
      else if (event.kind === 'signature') thinkingBlock().signature = event.signature;
      else if (event.kind === 'tool-call') {
        blocks.push({ kind: 'tool', id: event.id, name: event.name, json: '' });
      } else if (event.kind === 'tool-input') {
        const last = blocks.at(-1);
        if (last?.kind === 'tool') last.json += event.json;
      } else if (event.kind === 'stop') stopReason = event.reason;
      else if (event.kind === 'usage') usage = event;
    },
    collected: () => ({
      text: blocks.map((block) => (block.kind === 'text' ? block.text : '')).join(''),
      blocks,
      stopReason,
      usage,
    }),
  };
}

/** Arguments of a call as an object; a call that ran out of tokens has none that can be read. */
export function inputOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
