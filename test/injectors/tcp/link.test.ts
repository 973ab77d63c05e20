// A chain of toxics that changes while data is under way, back-pressure, and what is bounded.

import { test } from 'tap';
import { holdLimitBytes } from '../../../injectors/tcp/link.ts';
import { playedLink, toxic } from '../../fixtures/tcp-link.ts';

const latency = (ms: number, name = 'latency') =>
  toxic('latency', { latency: ms, jitter: 0 }, { name });

test('a toxic that is added works on what comes from then on', async (t) => {
  const link = playedLink([]);
  link.send('a');
  link.add(latency(100));
  link.send('b');
  link.clock.advance(100);
  t.same(link.seen, ['0 ms: a', '100 ms: b']);
});

test('a toxic that is changed decides anew of what waits', async (t) => {
  const link = playedLink([latency(10_000)]);
  link.send('a');
  link.clock.advance(50);
  link.update(latency(80));
  link.clock.advance(100);
  t.same(link.seen, ['80 ms: a']);
});

test('a toxic that is removed lets go of what waits at once and in order', async (t) => {
  const link = playedLink([latency(10_000, 'one'), latency(50, 'two')]);
  link.send('a');
  link.send('b');
  link.clock.advance(10);
  link.remove(latency(0, 'one'));
  link.send('c');
  link.clock.advance(100);
  t.same(link.seen, ['60 ms: a', '60 ms: b', '60 ms: c']);
  t.equal(link.clock.pending, 0);
});

test('a toxic that misses the connection passes everything on, until its share rises', async (t) => {
  const rare = toxic('latency', { latency: 100, jitter: 0 }, { toxicity: 0 });
  const link = playedLink([rare]);
  link.send('a');
  link.update({ ...rare, toxicity: 1 });
  link.send('b');
  link.clock.advance(100);
  t.same(link.seen, ['0 ms: a', '100 ms: b']);
});

test('a timeout that misses the connection does not close it when removed', async (t) => {
  const rare = toxic('timeout', { timeout: 0 }, { toxicity: 0 });
  const link = playedLink([rare]);
  link.remove(rare);
  link.send('a');
  t.same(link.seen, ['0 ms: a']);
});

test('toxicity hits its share of the connections, the same ones for one seed', async (t) => {
  const hit = (toxicity: number) =>
    Array.from({ length: 1000 }, (_, seed) => seed).filter((seed) => {
      const link = playedLink([toxic('timeout', { timeout: 0 }, { toxicity })], seed);
      link.send('a');
      return link.text === '';
    });
  const few = hit(0.2);
  const many = hit(0.6);
  t.ok(few.length > 150 && few.length < 250, `${few.length} of 200`);
  t.same(few, hit(0.2));
  t.ok(
    few.every((seed) => many.includes(seed)),
    'a raised share hits those and more',
  );
});

test('a receiver that wants a pause pauses the source, and what waits stays', async (t) => {
  const link = playedLink([latency(10)]);
  link.isOpen = false;
  link.send('a');
  link.send('b');
  link.clock.advance(50);
  t.same(link.seen, ['10 ms: a', '10 ms: pause']);
  link.isOpen = true;
  link.unblock();
  link.clock.advance(50);
  t.same(link.seen.slice(2), ['50 ms: resume', '50 ms: b']);
});

test('the source is paused when more waits than a link may hold', async (t) => {
  const link = playedLink([latency(1000)]);
  const chunk = 'x'.repeat(65_536);
  let sentBytes = 0;
  while (link.seen.length === 0 && sentBytes < 2 * holdLimitBytes) {
    link.send(chunk);
    sentBytes += chunk.length;
  }
  t.same(link.seen, ['0 ms: pause']);
  t.ok(sentBytes <= holdLimitBytes + chunk.length);
  link.clock.advance(1000);
  t.ok(link.seen.includes('1000 ms: resume'));
  t.equal(link.text.length, sentBytes);
});

test('very small chunks count for what they cost', async (t) => {
  const link = playedLink([latency(1000)]);
  let sent = 0;
  while (link.seen.length === 0 && sent < 100_000) {
    link.send('x');
    sent += 1;
  }
  t.ok(sent < 20_000, `paused after ${sent} of one byte`);
});

test('a storm of pieces lets other connections have their turn', async (t) => {
  const link = playedLink([toxic('slicer', { average_size: 1, size_variation: 0, delay: 0 })]);
  link.send('x'.repeat(5000));
  t.ok(link.text.length < 5000 && link.clock.pending === 1);
  link.clock.advance(0);
  t.equal(link.text.length, 5000);
});

test('a link that was stopped has no timer and says nothing more', async (t) => {
  const link = playedLink([latency(10, 'one'), toxic('timeout', { timeout: 50 })]);
  link.send('a');
  link.stop();
  t.equal(link.clock.pending, 0);
  link.clock.advance(100);
  t.same(link.seen, []);
});
