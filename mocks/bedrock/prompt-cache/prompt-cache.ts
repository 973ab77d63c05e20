// Prompt caching: which beginning of a prompt was written before and is now read. A beginning is
// known by the hash of all its parts; what is kept of it is that hash and when it expires, in a
// bounded table, the least recently used forgotten first. Source: Bedrock user guide, "Prompt
// caching for faster model inference"; Anthropic's guide of the same name for the search backwards.

import { createHash } from 'node:crypto';
import type { CachedTokens, CacheTtl } from '../../script/collector.ts';
import { tokensOf } from '../../script/text.ts';

/** A tool, a block of the system prompt or of a message; `ttl` where a cache point follows it. */
export interface PromptPart {
  readonly json: string;
  readonly characters: number;
  readonly ttl?: CacheTtl;
}

export interface CacheUse extends CachedTokens {
  /** Writes what is to be written. Called when the answer begins: an error writes nothing. */
  commit(): void;
}

export interface PromptCache {
  /** `least` tokens are needed before a point for it to count, as each model has it. */
  use(model: string, parts: readonly PromptPart[], inputTokens: number, least: number): CacheUse;
}

/** So many parts before a cache point are tried for an earlier one. */
const lookBack = 20;
const ttlMs: Readonly<Record<CacheTtl, number>> = { '5m': 300_000, '1h': 3_600_000 };

interface Entry {
  readonly ttl: CacheTtl;
  readonly expiresAtMs: number;
}

interface Place {
  readonly key: string;
  /** Of the prompt up to here. */
  readonly tokens: number;
  readonly ttl: CacheTtl | undefined;
}

export function createPromptCache(capacity: number, nowMs: () => number): PromptCache {
  const entries = new Map<string, Entry>();
  const isLive = ({ key }: Place) => (entries.get(key)?.expiresAtMs ?? 0) > nowMs();
  const keep = (key: string, ttl: CacheTtl) => {
    entries.delete(key);
    entries.set(key, { ttl, expiresAtMs: nowMs() + ttlMs[ttl] });
    const oldest = entries.keys().next().value;
    if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
  };
  return {
    use(model, parts, inputTokens, least) {
      const places = placesOf(model, parts, inputTokens);
      const isPoint = ({ ttl, tokens }: Place) => ttl !== undefined && tokens >= least;
      const points = places.filter(isPoint);
      const read = longestRead(places, isPoint, isLive);
      return {
        readTokens: read?.tokens ?? 0,
        ...writesOf(points, read?.tokens ?? 0),
        commit() {
          // Reading starts the time of a beginning anew.
          const ttl = read && entries.get(read.key)?.ttl;
          if (read !== undefined && ttl !== undefined) keep(read.key, ttl);
          for (const point of points) if (point.ttl !== undefined) keep(point.key, point.ttl);
        },
      };
    },
  };
}

function placesOf(model: string, parts: readonly PromptPart[], inputTokens: number): Place[] {
  let key = model;
  let characters = 0;
  return parts.map(({ json, characters: more, ttl }) => {
    key = createHash('sha256').update(key).update('\0').update(json).digest('base64');
    characters += more;
    return { key, tokens: Math.min(inputTokens, tokensOf(characters)), ttl };
  });
}

function longestRead(
  places: readonly Place[],
  isPoint: (place: Place) => boolean,
  isLive: (place: Place) => boolean,
): Place | undefined {
  for (let point = places.length - 1; point >= 0; point--) {
    if (!isPoint(places[point] as Place)) continue;
    const tried = places.slice(Math.max(0, point - lookBack), point + 1);
    const found = tried.findLast(isLive);
    if (found !== undefined) return found;
  }
  return undefined;
}

function writesOf(points: readonly Place[], read: number): Omit<CachedTokens, 'readTokens'> {
  const writes: { readonly ttl: CacheTtl; readonly tokens: number }[] = [];
  let done = read;
  for (const { tokens, ttl } of points) {
    if (ttl === undefined || tokens <= done) continue;
    writes.push({ ttl, tokens: tokens - done });
    done = tokens;
  }
  return { writeTokens: done - read, writes };
}
