// StreamScript: what a fake model says and when, decided here and nowhere else. Seeded, finite
// and repeatable: `events()` gives the same sequence every time.

import type { Rng } from '../../injectors/determinism.ts';
import type { EventStream, StopReason, TimedEvent } from '../../injectors/stream.ts';
import { fillerText, tokensOf } from './text.ts';
import type { ScriptSettings } from './words.ts';

export interface StreamScript {
  readonly settings: ScriptSettings;
  /** Sub-stream for content that is not text (ids, vectors, padding). */
  readonly rng: Rng;
  /** Number of text events; protocols add their own start and stop events to it. */
  readonly textEvents: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly stopReason: StopReason;
  events(): EventStream;
}

export interface ScriptLimits {
  readonly inputTokens: number;
  /** Answers longer than this are cut short and stop with `max-tokens`. */
  readonly maxTokens?: number;
}

export function createScript(
  settings: ScriptSettings,
  limits: ScriptLimits,
  rng: Rng,
): StreamScript {
  const wanted = settings.total > 0 ? settings.total : settings.chunks * settings.bytes;
  const allowed = limits.maxTokens === undefined ? wanted : limits.maxTokens * 4;
  const totalBytes = Math.min(wanted, allowed);
  const pieceBytes = Math.max(1, settings.bytes);
  const textEvents = Math.ceil(totalBytes / pieceBytes);
  const outputTokens = tokensOf(totalBytes);
  const stopReason = wanted > allowed ? 'max-tokens' : settings.stop;
  return {
    settings,
    rng,
    textEvents,
    inputTokens: limits.inputTokens,
    outputTokens,
    stopReason,
    *events(): Generator<TimedEvent> {
      const text = fillerText(rng.fork('text'));
      const pause = pauses(settings, rng.fork('pace'));
      yield { event: { kind: 'start' }, gapMs: settings.ttft };
      for (let index = 0; index < textEvents; index++) {
        const offset = index * pieceBytes;
        const length = Math.min(pieceBytes, totalBytes - offset);
        yield { event: { kind: 'text', text: text(offset, length) }, gapMs: pause() };
      }
      yield { event: { kind: 'stop', reason: stopReason }, gapMs: 0 };
      const usage = { inputTokens: limits.inputTokens, outputTokens };
      yield { event: { kind: 'usage', ...usage }, gapMs: 0 };
    },
  };
}

function pauses({ gap, jitter }: ScriptSettings, rng: Rng): () => number {
  if (jitter === 0) return () => gap;
  return () => Math.max(0, gap + (rng.next() * 2 - 1) * jitter);
}
