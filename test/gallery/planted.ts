// The leaks of apps/ and what a diagnosis is to say of each: the function that allocates what is
// kept, and the variable that keeps it.

import { fileURLToPath } from 'node:url';

export interface PlantedLeak {
  /** File in apps/. */
  readonly file: string;
  readonly kind: string;
  readonly function: string;
  readonly variable: string;
}

const leak = (file: string, kind: string, name: string, variable: string): PlantedLeak => ({
  file,
  kind,
  function: name,
  variable,
});

export const plantedLeaks: readonly PlantedLeak[] = [
  leak('listener.mjs', 'listener', 'subscribe', 'bus._events.config:Array'),
  leak('map.mjs', 'Map', 'remember', 'requestLog:Map'),
  leak('numbers.mjs', 'array of numbers', 'observe', 'latencies:Array'),
  leak('number-set.mjs', 'Set of numbers', 'markSeen', 'seenIds:Set'),
  leak('string.mjs', 'array of strings', 'audit', 'prompts:Array'),
  leak('closure.mjs', 'chain of closures', 'wrap', 'middleware:Function'),
  leak('timer.mjs', 'timer', 'watch', 'timerListMap[3600000]._idleNext:Timeout'),
  leak('promise.mjs', 'promise never settled', 'awaitReply', 'waiters:Array'),
  leak('async-context.mjs', 'async context', 'park', 'parked:Set'),
  leak('buffer.mjs', 'Buffer', 'keepChunk', 'chunks:Array'),
  leak('emitter.mjs', 'event emitter', 'follow', 'upstream._events.close:Array'),
  leak('cache.mjs', 'cache without bound', 'lookUp', 'cache:Object'),
  leak('weak-ref.mjs', 'WeakRef misuse', 'track', 'tracked:Set'),
  leak('registry.mjs', 'finalization registry', 'guard', 'registry:FinalizationRegistry'),
  leak('queue.mjs', 'queue of a module', 'enqueue', 'queue:Array'),
  leak('generator.mjs', 'generator', 'readRows', 'cursors:Map'),
  leak('stream.mjs', 'stream unread', 'proxyAnswer', 'streams:Map'),
  leak('global.mjs', 'global object', 'logIn', 'globalThis.sessions:Object'),
  leak('private-field.mjs', 'private field', 'giveBack', 'pool.#idle:Array'),
  leak('linked-list.mjs', 'linked list', 'prepend', 'newest:Object'),
  leak('buckets.mjs', 'spread over lists', 'file', 'byTenant:Map'),
  leak('common-js.cjs', 'CommonJS module', 'record', 'history:Array'),
];

export const galleryApp = fileURLToPath(new URL('./app.mjs', import.meta.url));
export const galleryRoot = fileURLToPath(new URL('./', import.meta.url));
