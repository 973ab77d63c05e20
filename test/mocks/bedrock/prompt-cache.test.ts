// The table behind prompt caching: what is written, read, forgotten, and where it ends.

import { test } from 'tap';
import {
  createPromptCache,
  type PromptPart,
} from '../../../mocks/bedrock/prompt-cache/prompt-cache.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

const least = 1024;
/** As many tokens as the part has characters, by four. */
const part = (name: string, tokens: number, ttl?: '5m' | '1h'): PromptPart => ({
  json: name,
  characters: tokens * 4,
  ...(ttl && { ttl }),
});

function cacheFor(capacity = 100) {
  const clock = createFakeClock();
  const cache = createPromptCache(capacity, clock.nowMs);
  const ask = (...parts: readonly PromptPart[]) => {
    const total = parts.reduce((sum, { characters }) => sum + characters / 4, 0);
    const use = cache.use('model', parts, total, least);
    use.commit();
    return [use.readTokens, use.writeTokens];
  };
  return { clock, cache, ask };
}

test('a beginning is written first and read then', async (t) => {
  const { ask } = cacheFor();
  t.same(ask(part('system', 2000, '5m'), part('one', 10)), [0, 2000]);
  t.same(ask(part('system', 2000, '5m'), part('two', 10)), [2000, 0]);
  t.same(ask(part('other', 2000, '5m'), part('two', 10)), [0, 2000]);
});

test('a conversation that grows reads what it wrote and writes the rest', async (t) => {
  const { ask } = cacheFor();
  const turn = (name: string, ttl?: '5m') => part(name, 600, ttl);
  t.same(ask(turn('a'), turn('b', '5m')), [0, 1200]);
  t.same(ask(turn('a'), turn('b'), turn('c'), turn('d', '5m')), [1200, 1200]);
});

test('more than twenty parts before a point are not searched', async (t) => {
  const { ask } = cacheFor();
  ask(part('system', 2000, '5m'));
  const parts = (count: number) => Array.from({ length: count }, (_, index) => part(`${index}`, 1));
  t.same(ask(part('system', 2000), ...parts(19), part('end', 1, '5m')), [2000, 20]);
  t.same(ask(part('system', 2000), ...parts(20), part('end', 1, '5m')), [0, 2021]);
});

test('a point after too few tokens is none', async (t) => {
  const { ask } = cacheFor();
  t.same(ask(part('system', least - 1, '5m')), [0, 0]);
  t.same(ask(part('system', least, '5m')), [0, least]);
});

test('five minutes after it was last read a beginning is gone', async (t) => {
  const { clock, ask } = cacheFor();
  const system = part('system', 2000, '5m');
  ask(system);
  clock.advance(299_999);
  t.same(ask(system), [2000, 0]);
  clock.advance(299_999);
  t.same(ask(system), [2000, 0]);
  clock.advance(300_000);
  t.same(ask(system), [0, 2000]);
});

test('what is written for an hour stays an hour', async (t) => {
  const { clock, ask, cache } = cacheFor();
  const parts = [part('tools', 2000, '1h'), part('system', 1000, '5m')];
  t.same(cache.use('model', parts, 3000, least).writes, [
    { ttl: '1h', tokens: 2000 },
    { ttl: '5m', tokens: 1000 },
  ]);
  ask(...parts);
  clock.advance(3_599_999);
  t.same(ask(...parts), [2000, 1000]);
});

test('models do not share, and an answer that never began wrote nothing', async (t) => {
  const { ask, cache } = cacheFor();
  const system = part('system', 2000, '5m');
  t.equal(cache.use('model', [system], 2000, least).writeTokens, 2000);
  t.same(ask(system), [0, 2000]);
  t.equal(cache.use('another', [system], 2000, least).readTokens, 0);
});

test('the table is bounded, and the least recently used goes first', async (t) => {
  const { ask } = cacheFor(2);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => part(name, 2000, '5m')) as [
    PromptPart,
    PromptPart,
    PromptPart,
  ];
  ask(a);
  ask(b);
  t.same(ask(a), [2000, 0]);
  ask(c);
  t.same(ask(a), [2000, 0]);
  t.same(ask(b), [0, 2000]);
});
