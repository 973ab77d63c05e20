// Half an hour of a run with 10,000 streams in flight, in a minute: the real feed on a clock of the
// test's own. What the page holds after a collection does not grow; where a page does keep what it
// is told, the same readings show it.

import type { Page } from 'playwright-core';
import { type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import type { OpenEntry } from '../../../mocks/journal.ts';
import { needsChromium } from '../../fixtures/chromium.ts';
import { type CompressedFeed, compressedFeed } from '../../fixtures/compressed-feed.ts';
import { openDashboard } from '../../fixtures/dashboard-page.ts';
import { type PageHeap, pageHeapReader } from '../../fixtures/page-heap.ts';
import { toldRun, toldSamples } from '../../fixtures/told-run.ts';

const streamCount = 10_000;
const tickMs = 250;
const ticksPerMinute = 60_000 / tickMs;
/** Of 100 events in flight on its way to the page at most a second's worth waits. */
const breathMs = 8;
const MiB = 1024 ** 2;

/** A minute of the fakes' and the run's life: requests come and go, faults open and are healed. */
async function liveMinute({ clock, journal, plan, feed }: CompressedFeed, minute: number) {
  const open: OpenEntry[] = [];
  for (let tick = 0; tick < ticksPerMinute; tick += 1) {
    const ms = (minute * ticksPerMinute + tick) * tickMs;
    for (const entry of open.splice(0)) journal.close(entry, tick % 5 === 0 ? 'reset' : 'complete');
    for (let count = 0; count < 10; count += 1) open.push(openStream(journal, `m-${ms}-${count}`));
    for (const entry of open) entry.bytes += 100 + (ms % 77);
    if (tick % 2 === 0) for (const message of toldSamples(ms, 1)) feed.tell(message);
    if (tick % 8 === 0)
      for (const message of toldRun(1).slice(-2)) feed.tell({ ...message, timeMs: ms });
    if (tick % 60 === 0) {
      const window = { type: 'fault', fault: `slow;gap=${minute}ms`, what: 'waits' } as const;
      feed.tell({ ...window, startMs: ms, endMs: null });
      plan.clear();
      plan.add({ fault: 'slow', options: { gap: `${minute}ms` } });
    }
    clock.advance(tickMs);
    await sleep(breathMs);
  }
  for (const entry of open) journal.close(entry, 'complete');
}

function openStream(journal: CompressedFeed['journal'], model: string): OpenEntry {
  const asked = { provider: 'bedrock', operation: 'ConverseStream', model, transport: 'http2' };
  const place = { requestId: model, connection: 1, exchange: 1, faults: ['slow'], injected: [] };
  const sent = { events: 3, bytes: 400, ending: null, durationMs: null };
  return journal.open({ ...asked, ...place, ...sent });
}

async function watched(t: Test, minutes: number, prepare: (page: Page) => Promise<unknown>) {
  const feed = await compressedFeed(t);
  for (let count = 0; count < streamCount; count += 1) openStream(feed.journal, `held-${count}`);
  const { page, complaints } = await openDashboard(t, feed, { isOpen: false });
  await prepare(page);
  for (const message of toldRun()) feed.feed.tell(message);
  const read = await pageHeapReader(page);
  const heaps: PageHeap[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    await liveMinute(feed, minute);
    heaps.push(await read());
  }
  await page.locator('#streams-count', { hasText: 'The 50 oldest of 10,0' }).waitFor();
  t.same(complaints, []);
  t.comment(heaps.map(({ heapBytes }) => (heapBytes / MiB).toFixed(1)).join(' '), 'MiB');
  return { heaps, page };
}

/** Lowest of a few readings: a collection may come while a message is being drawn. */
const floor = (heaps: readonly PageHeap[]) => Math.min(...heaps.map(({ heapBytes }) => heapBytes));

const allowedBytes = 0.5 * MiB;

test('the heap of the page is flat over half an hour', needsChromium, async (t) => {
  const { heaps, page } = await watched(t, 30, async () => undefined);
  // The charts are full after five minutes.
  const [early, late] = [floor(heaps.slice(6, 12)), floor(heaps.slice(-6))];
  t.ok(late - early < allowedBytes, `${early} bytes, at the end ${late}`);
  const [first, last] = [heaps[10], heaps.at(-1)];
  t.ok((last?.nodes ?? 0) <= 1.1 * (first?.nodes ?? 0), `${last?.nodes} nodes`);
  t.ok((last?.listeners ?? 0) <= 1.1 * (first?.listeners ?? 0), `${last?.listeners} listeners`);
  t.equal(await page.locator('#streams tbody tr').count(), 50, 'the table has a bound');
});

test('a page that keeps what it is told is found by the same reading', needsChromium, async (t) => {
  const { heaps } = await watched(t, 9, (page) =>
    page.evaluate(`{
      const { parse } = JSON;
      globalThis.kept = [];
      JSON.parse = (text) => {
        const told = parse(text);
        kept.push(told.ended);
        return told;
      };
    }`),
  );
  const [early, late] = [floor(heaps.slice(5, 7)), floor(heaps.slice(-2))];
  t.ok(late - early > allowedBytes, `${early} bytes, at the end ${late}`);
});
