// Each toxic with a clock that stands still and no socket: when data comes out, and what ends.

import { test } from 'tap';
import { playedLink, toxic } from '../../fixtures/tcp-link.ts';

test('noop passes data and its end on at once', async (t) => {
  const link = playedLink([toxic('noop', {})]);
  link.send('hello');
  link.push(undefined);
  t.same(link.seen, ['0 ms: hello', '0 ms: end']);
});

test('latency delays data by its time, and chunks wait beside each other', async (t) => {
  const link = playedLink([toxic('latency', { latency: 100, jitter: 0 })]);
  link.send('a');
  link.clock.advance(30);
  link.send('b');
  link.push(undefined);
  link.clock.advance(200);
  t.same(link.seen, ['100 ms: a', '130 ms: b', '130 ms: end']);
  t.equal(link.clock.pending, 0);
});

test('jitter moves data either way, never past what was before, the same for one seed', async (t) => {
  const times = (seed: number) => {
    const link = playedLink([toxic('latency', { latency: 100, jitter: 50 })], seed);
    for (let index = 0; index < 50; index++) {
      link.send(String(index % 10));
      link.clock.advance(1);
    }
    link.clock.advance(1000);
    t.equal(link.text, '0123456789'.repeat(5));
    return link.seen.map((line) => Number.parseInt(line, 10));
  };
  const seen = times(4);
  t.same(seen, times(4));
  t.not(String(seen), String(times(5)));
  const first = seen[0] ?? 0;
  t.ok(first >= 50 && first <= 150);
  t.ok(Math.max(...seen) <= 200, 'the last came at 49 ms and is at most 150 ms late');
});

test('two latencies add up', async (t) => {
  const link = playedLink([
    toxic('latency', { latency: 100, jitter: 0 }, { name: 'one' }),
    toxic('latency', { latency: 50, jitter: 0 }, { name: 'two' }),
  ]);
  link.send('a');
  link.clock.advance(500);
  t.same(link.seen, ['150 ms: a']);
});

test('bandwidth lets so many bytes through, a tenth of a second at a time', async (t) => {
  const link = playedLink([toxic('bandwidth', { rate: 10 })]);
  link.send('x'.repeat(2500));
  link.clock.advance(1000);
  t.same(link.seen, ['100 ms: 1000 B', '200 ms: 1000 B', '250 ms: 500 B']);
});

test('bandwidth gives no credit for time in which nothing came', async (t) => {
  const link = playedLink([toxic('bandwidth', { rate: 10 })]);
  link.clock.advance(60_000);
  link.send('x'.repeat(1000));
  link.clock.advance(1000);
  t.same(link.seen, ['60100 ms: 1000 B']);
});

test('a rate of 0 lets nothing through until it is raised', async (t) => {
  const link = playedLink([toxic('bandwidth', { rate: 0 })]);
  link.send('abc');
  link.clock.advance(60_000);
  t.same(link.seen, []);
  link.update(toxic('bandwidth', { rate: 1 }));
  link.clock.advance(1000);
  t.equal(link.text, 'abc');
});

test('slicer cuts data into pieces of its size, with a pause between them', async (t) => {
  const attributes = { average_size: 2, size_variation: 0, delay: 5000 };
  const link = playedLink([toxic('slicer', attributes)]);
  link.send('abcde');
  link.clock.advance(100);
  t.same(link.seen, ['0 ms: ab', '5 ms: cd', '10 ms: e']);
});

test('pieces of varying size are the same for one seed and lose nothing', async (t) => {
  const text = 'the quick brown fox jumps over the lazy dog '.repeat(20);
  const pieces = (seed: number) => {
    const attributes = { average_size: 10, size_variation: 5, delay: 0 };
    const link = playedLink([toxic('slicer', attributes)], seed);
    link.send(text);
    t.equal(link.text, text);
    return link.seen.map((line) => line.length);
  };
  t.same(pieces(1), pieces(1));
  t.not(String(pieces(1)), String(pieces(2)));
  t.ok(pieces(1).every((length) => length - '0 ms: '.length <= 15));
});

test('a slicer of size 0 cuts nothing', async (t) => {
  const link = playedLink([toxic('slicer', { average_size: 0, size_variation: 0, delay: 0 })]);
  link.send('abc');
  t.same(link.seen, ['0 ms: abc']);
});

test('limit_data closes the connection right after its last byte', async (t) => {
  const link = playedLink([toxic('limit_data', { bytes: 5 })]);
  link.send('abc');
  t.same(link.seen, ['0 ms: abc']);
  link.send('defg');
  t.same(link.seen.slice(1), ['0 ms: de', '0 ms: close fin']);
});

test('limit_data goes on counting when the limit is changed', async (t) => {
  const link = playedLink([toxic('limit_data', { bytes: 5 })]);
  link.send('abc');
  link.update(toxic('limit_data', { bytes: 8 }));
  link.send('defghi');
  t.same(link.seen.slice(1), ['0 ms: defgh', '0 ms: close fin']);
});

test('a limit of 0 closes with the first data and passes none', async (t) => {
  const link = playedLink([toxic('limit_data', { bytes: 0 })]);
  link.clock.advance(10);
  link.send('abc');
  t.same(link.seen, ['10 ms: close fin']);
});

test('timeout drops everything and closes when its time is over', async (t) => {
  const link = playedLink([toxic('timeout', { timeout: 100 })]);
  link.send('abc');
  link.clock.advance(90);
  link.send('def');
  link.clock.advance(100);
  t.same(link.seen, ['100 ms: close fin']);
});

test('a timeout of 0 never closes, until it is removed', async (t) => {
  const link = playedLink([toxic('timeout', { timeout: 0 })]);
  link.send('abc');
  link.clock.advance(3_600_000);
  t.same(link.seen, []);
  link.remove(toxic('timeout', {}));
  t.same(link.seen, ['3600000 ms: close fin']);
});

test('slow_close delays the end and nothing else', async (t) => {
  const link = playedLink([toxic('slow_close', { delay: 100 })]);
  link.send('abc');
  link.push(undefined);
  link.clock.advance(200);
  t.same(link.seen, ['0 ms: abc', '100 ms: end']);
});

test('reset_peer resets after the first data, which goes nowhere', async (t) => {
  const link = playedLink([toxic('reset_peer', { timeout: 100 })]);
  link.clock.advance(1000);
  t.same(link.seen, [], 'nothing came, nothing happens');
  link.send('abc');
  link.send('def');
  link.clock.advance(1000);
  t.same(link.seen, ['1100 ms: close rst']);
});

test('reset_peer resets when the source ends without data', async (t) => {
  const link = playedLink([toxic('reset_peer', { timeout: 0 })]);
  link.push(undefined);
  t.same(link.seen, ['0 ms: close rst']);
});
