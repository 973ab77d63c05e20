// StreamScript: what a fake model says and when, decided here and nowhere else. Seeded, finite
// and repeatable: `events()` gives the same sequence every time.

import type { Rng } from '../../injectors/determinism.ts';
import type { EventStream, ModelEvent, StopReason, TimedEvent } from '../../injectors/stream.ts';
import { planBlocks, type ScriptBlock } from './blocks.ts';
import { fillerText, tokensOf } from './text.ts';
import type { OfferedTool } from './tool.ts';
import type { ScriptSettings } from './words.ts';

export interface StreamScript {
  readonly settings: ScriptSettings;
  /** Sub-stream for content that is not text (ids, vectors, padding). */
  readonly rng: Rng;
  /** What the answer consists of, for protocols to count their own events. */
  readonly blocks: readonly ScriptBlock[];
  /** Number of text events; protocols add their own start and stop events to it. */
  readonly textEvents: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly stopReason: StopReason;
  events(): EventStream;
  /** The same, with neighbouring pieces of text in runs; only without pauses between them. */
  runs(): Iterable<TimedEvent | TextRun>;
}

/** Pieces of text, each an event of its own. */
export interface TextRun {
  readonly texts: readonly string[];
}

export interface ScriptLimits {
  readonly inputTokens: number;
  /** Answers longer than this are cut short and stop with `max-tokens`. */
  readonly maxTokens?: number;
  readonly tools?: readonly OfferedTool[];
  /** Name of the tool that must be called; empty when any will do. */
  readonly forcedTool?: string;
}

export function createScript(
  settings: ScriptSettings,
  limits: ScriptLimits,
  rng: Rng,
): StreamScript {
  const { blocks, isCut } = planBlocks(settings, limits, rng);
  const outputTokens = tokensOf(blocks.reduce((sum, { bytes }) => sum + bytes, 0));
  const callsTools = blocks.some(({ kind }) => kind === 'tool');
  const ownReason = callsTools && settings.stop === 'end' ? 'tool-use' : settings.stop;
  const stopReason = isCut ? 'max-tokens' : ownReason;
  return {
    settings,
    rng,
    blocks,
    textEvents: blocks.find(({ kind }) => kind === 'text')?.events ?? 0,
    inputTokens: limits.inputTokens,
    outputTokens,
    stopReason,
    events: () => told(false) as EventStream,
    runs: () => told(settings.gap === 0 && settings.jitter === 0),
  };
  function* told(inRuns: boolean): Generator<TimedEvent | TextRun> {
    const pause = pauses(settings, rng.fork('pace'));
    const piece = Math.max(1, settings.bytes);
    yield { event: { kind: 'start' }, gapMs: settings.ttft };
    for (const block of blocks) {
      if (block.kind === 'tool') {
        const { id, name } = block.call;
        yield { event: { kind: 'tool-call', id, name }, gapMs: 0 };
      }
      let offset = 0;
      if (inRuns && block.kind === 'text') {
        const text = fillerText(rng.fork('text'));
        for (let left = Math.floor(block.bytes / piece); left > 0; ) {
          const texts = text.run(offset, piece, left);
          yield { texts };
          left -= texts.length;
          offset += texts.length * piece;
        }
      }
      const part = partsOf(block, rng);
      for (; offset < block.bytes; offset += piece) {
        const event = part(offset, Math.min(piece, block.bytes - offset));
        yield { event, gapMs: pause() };
      }
      for (const event of closingEvents(block, rng)) yield { event, gapMs: 0 };
    }
    yield { event: { kind: 'stop', reason: stopReason }, gapMs: 0 };
    const usage = { inputTokens: limits.inputTokens, outputTokens };
    yield { event: { kind: 'usage', ...usage }, gapMs: 0 };
  }
}

/** Pieces of a block by offset and length. */
function partsOf(block: ScriptBlock, rng: Rng): (offset: number, length: number) => ModelEvent {
  if (block.kind === 'tool') {
    const { json } = block.call;
    return (at, length) => ({ kind: 'tool-input', json: json.slice(at, at + length) });
  }
  const { kind } = block;
  const text = fillerText(rng.fork(kind));
  return (at, length) => ({ kind, text: text(at, length) });
}

function closingEvents(block: ScriptBlock, rng: Rng): readonly ModelEvent[] {
  if (block.kind === 'thinking') {
    const part = rng.fork('signature');
    const bytes = Buffer.from(Array.from({ length: 96 }, () => part.integer(0, 255)));
    return [{ kind: 'signature', signature: bytes.toString('base64') }];
  }
  if (block.kind === 'tool' || block.citations === 0) return [];
  const text = fillerText(rng.fork('citations'));
  return Array.from({ length: block.citations }, (_, index) => {
    const start = index * 64;
    const citation = { title: 'Document 1', quote: text(start, 48), start, end: start + 48 };
    return { kind: 'citation', citation };
  });
}

function pauses({ gap, jitter }: ScriptSettings, rng: Rng): () => number {
  if (jitter === 0) return () => gap;
  return () => Math.max(0, gap + (rng.next() * 2 - 1) * jitter);
}
