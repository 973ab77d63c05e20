// A Messages answer of Claude as a stream of events, wherever it is hosted: the host decides how an
// event travels. Source: Anthropic API reference, "Streaming messages".

import type { Citation, FrameLabel, ModelEvent, StopReason } from '../../injectors/stream.ts';
import type { CollectedBlock, TokenCounts } from '../script/collector.ts';
import { countEvents } from '../script/event-count.ts';
import type { StreamScript } from '../script/script.ts';
import { anthropicCitation } from './citation.ts';
import { hiddenBlocks, type MessageFacts, messageHead, stopFields, usageOf } from './message.ts';

export interface MessageStream<F> {
  encode(event: ModelEvent): readonly F[];
  finish(): readonly F[];
}

/** How the host sends one event; `type` is inside the JSON too. */
export type SendEvent<F> = (label: FrameLabel, type: string, json: string) => F;

export interface HostOptions {
  /** Fields that the host adds to message_stop. */
  readonly stopExtras?: (usage: TokenCounts) => object;
  /** A ping follows the first content_block_start. */
  readonly hasPing?: boolean;
}

/**
 * Events of the whole stream: message_start, message_delta and message_stop; a block adds its start
 * and stop, thinking its signature, a tool call an empty first piece; hidden reasoning stands whole
 * in its start.
 */
export function messageEventCount(script: StreamScript, { hasPing = false }: HostOptions): number {
  const { redacted } = script.settings;
  const pings = hasPing && script.blocks.length + redacted > 0 ? 1 : 0;
  return countEvents(script, { around: 3 + pings + 2 * redacted, thinking: 3, text: 2, tool: 3 });
}

export function createMessageStream<F>(
  facts: MessageFacts,
  send: SendEvent<F>,
  { stopExtras, hasPing = false }: HostOptions,
): MessageStream<F> {
  let open: CollectedBlock['kind'] | undefined;
  let index = 0;
  let stopReason: StopReason | undefined;
  const close = (): F[] => {
    if (open === undefined) return [];
    open = undefined;
    const json = `{"type":"content_block_stop","index":${index++}}`;
    return [send('stop', 'content_block_stop', json)];
  };
  const begin = (kind: CollectedBlock['kind'], block: string): F[] => {
    const closed = close();
    open = kind;
    const json = `{"type":"content_block_start","index":${index},"content_block":${block}}`;
    const ping = hasPing && index === 0 ? [send('delta', 'ping', '{"type": "ping"}')] : [];
    return [...closed, send('start', 'content_block_start', json), ...ping];
  };
  const delta = (json: string): F => {
    const whole = `{"type":"content_block_delta","index":${index},"delta":${json}}`;
    return send('delta', 'content_block_delta', whole);
  };
  const within = (kind: 'text' | 'thinking', json: string): F[] => [
    ...(open === kind ? [] : begin(kind, emptyBlock[kind])),
    delta(json),
  ];
  const opening = (): F[] => [
    send('start', 'message_start', messageStart(facts)),
    ...hiddenBlocks(facts).flatMap((block) => begin('thinking', JSON.stringify(block))),
    ...close(),
  ];
  const toolDelta = (json: string) =>
    delta(`{"type":"input_json_delta","partial_json":${JSON.stringify(json)}}`);
  /** Stop and usage share message_delta, so it waits until usage is known or the events end. */
  const conclude = (usage: TokenCounts | undefined): F[] => {
    const fields = stopFields(facts, stopReason);
    stopReason = undefined;
    return messageEnd(fields, usage, usage && stopExtras?.(usage), send);
  };
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return opening();
        case 'text':
          return within('text', `{"type":"text_delta","text":${JSON.stringify(event.text)}}`);
        case 'citation':
          return within('text', citationDelta(event.citation));
        case 'thinking': {
          const json = `{"type":"thinking_delta","thinking":${JSON.stringify(event.text)}}`;
          return within('thinking', json);
        }
        case 'signature':
          return within('thinking', `{"type":"signature_delta","signature":"${event.signature}"}`);
        case 'tool-call': {
          const { name } = event;
          const block = { type: 'tool_use', id: facts.toolPrefix + event.id, name, input: {} };
          return [...begin('tool', JSON.stringify(block)), toolDelta('')];
        }
        case 'tool-input':
          return [toolDelta(event.json)];
        case 'stop':
          stopReason = event.reason;
          return close();
        case 'usage':
          return conclude(event);
      }
    },
    finish: () => (stopReason === undefined ? [] : conclude(undefined)),
  };
}

const emptyBlock = {
  text: '{"type":"text","text":""}',
  thinking: '{"type":"thinking","thinking":"","signature":""}',
} as const;

function citationDelta(citation: Citation): string {
  return JSON.stringify({ type: 'citations_delta', citation: anthropicCitation(citation) });
}

function messageEnd<F>(
  delta: object,
  usage: TokenCounts | undefined,
  extras: object | undefined,
  send: SendEvent<F>,
): F[] {
  const type = 'message_delta';
  const counts = usage && { usage: { output_tokens: usage.outputTokens } };
  return [
    send('stop', type, JSON.stringify({ type, delta, ...counts })),
    send('usage', 'message_stop', JSON.stringify({ type: 'message_stop', ...extras })),
  ];
}

function messageStart(facts: MessageFacts): string {
  const usage = usageOf(facts, { inputTokens: facts.inputTokens, outputTokens: 1 });
  const empty = { content: [], stop_reason: null, stop_sequence: null };
  return JSON.stringify({
    type: 'message_start',
    message: { ...messageHead(facts), ...empty, usage },
  });
}
