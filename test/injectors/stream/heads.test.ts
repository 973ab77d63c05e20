// Faults of the head: what headers and times they make of a plain one.

import { test } from 'tap';
import { systemClock } from '../../../injectors/determinism.ts';
import { headWith, plainHead as plain } from '../../fixtures/disturbed-head.ts';

test('faults of other stages leave the head alone', async (t) => {
  t.same(headWith(['noop', 'slow', 'stall;at=3', 'truncate']), { head: plain, notes: [] });
});

test('another content type takes the place of the one there was, in any case', async (t) => {
  const { head, notes } = headWith(['wrong-content-type;type=text/html']);
  t.same(head, { headers: { 'x-a': '1', 'Content-Type': 'text/html' }, dueMs: 5 });
  t.same(notes, ['wrong-content-type: declared as text/html']);
  const compressed = headWith(['wrong-encoding;encoding=br']);
  t.equal(compressed.head.headers['Content-Encoding'], 'br');
  t.same(compressed.notes, ['wrong-encoding: declared as br']);
});

test('a promised length closes the connection too', async (t) => {
  const { head } = headWith(['wrong-length;length=2KiB']);
  t.match(head.headers, { Connection: 'close', 'Content-Length': '2048' });
});

test('a bomb has as many headers of the size that was asked for', async (t) => {
  const { head } = headWith(['header-bomb;count=3;size=16B']);
  const bomb = Object.entries(head.headers).filter(([name]) => name.startsWith('x-leakbed-bomb-'));
  t.equal(bomb.length, 3);
  t.ok(bomb.every(([, value]) => value.length === 16));
});

test('a skewed clock is off by the time asked for, either way', async (t) => {
  for (const [direction, sign] of [
    ['ahead', 1],
    ['behind', -1],
  ] as const) {
    const { head } = headWith([`clock-skew;by=60m;direction=${direction}`]);
    const offMs = Date.parse(head.headers.Date ?? '') - systemClock.wallTime().getTime();
    t.ok(Math.abs(offMs - sign * 3_600_000) < 60_000, `${offMs} ms`);
  }
});

test('a stall before the head moves the head', async (t) => {
  t.equal(headWith(['stall;at=headers;for=2s']).head.dueMs, 2005);
});

test('what is no media type is refused', async (t) => {
  t.throws(() => headWith(['wrong-content-type;type=html']), /a media type such as/);
});
