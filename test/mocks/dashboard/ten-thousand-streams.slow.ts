// The dashboard before 10,000 real streams over HTTP/2, each with an event every few seconds: it
// shows how many there are, stays quick, and still ends one of them.

import { type ClientHttp2Session, connect } from 'node:http2';
import { type Test, test } from 'tap';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { needsChromium } from '../../fixtures/chromium.ts';
import { mocksFor, openDashboard } from '../../fixtures/dashboard-page.ts';
import { pageHeapReader } from '../../fixtures/page-heap.ts';
import { bedrockPath, converseBody } from '../../fixtures/raw-clients.ts';

const sessionCount = 100;
const streamsPerSession = 100;
const streamCount = sessionCount * streamsPerSession;
const observedMs = 10_000;

/** Opens them, and reads and drops what comes. */
async function openStreams(t: Test, { url, journal }: Mocks): Promise<ClientHttp2Session[]> {
  const body = converseBody('[[leakbed chunks=10000 gap=4s bytes=64]]');
  const headers = {
    ':method': 'POST',
    ':path': bedrockPath('converse-stream'),
    'content-type': 'application/json',
  };
  const sessions = Array.from({ length: sessionCount }, () => connect(url));
  t.teardown(() => {
    for (const session of sessions) session.destroy();
  });
  for (const session of sessions) {
    session.on('error', () => undefined);
    for (let count = 0; count < streamsPerSession; count += 1) {
      const stream = session.request(headers);
      stream.on('error', () => undefined);
      stream.resume();
      stream.end(body);
    }
    await sleep(10);
  }
  while (journal.inFlightCount < streamCount) await sleep(50);
  return sessions;
}

/** Gaps between animation frames, the longest of them, while `observedMs` pass. */
const longestFrame = `new Promise((resolve) => {
  let longest = 0;
  let last = performance.now();
  const end = last + ${observedMs};
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (now < end) requestAnimationFrame(frame);
    else resolve(longest);
  };
  requestAnimationFrame(frame);
})`;

test('10,000 streams in flight leave the page quick', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page, said, complaints } = await openDashboard(t, mocks);
  await openStreams(t, mocks);
  await page.locator('#streams-count', { hasText: 'The 50 oldest of 10,000.' }).waitFor();
  const read = await pageHeapReader(page);
  const before = await read();
  const startedMs = systemClock.nowMs();
  const longestMs = await page.evaluate(longestFrame);
  const passedSeconds = (systemClock.nowMs() - startedMs) / 1000;
  const busy = ((await read()).busySeconds - before.busySeconds) / passedSeconds;
  t.comment(`main thread ${(100 * busy).toFixed(1)} % busy, longest frame ${longestMs} ms`);
  t.ok(busy < 0.4, `busy for ${(100 * busy).toFixed(1)} % of the time`);
  t.ok(Number(longestMs) < 1000, `the longest frame took ${longestMs} ms`);
  t.equal(await page.locator('#streams tbody tr').count(), 50);
  t.ok(((await page.evaluate('document.querySelectorAll("*").length')) as number) < 2500);

  await page.getByRole('button', { name: 'End stream 1', exact: true }).click();
  await said(/Stream 1 is ended/);
  t.match(mocks.journal.since(0)[0], { ending: 'cancel' });
  await page.locator('#streams-count', { hasText: 'of 9,999.' }).waitFor();
  await page.getByLabel('largest').check();
  await page.locator('#streams-count', { hasText: 'The 50 largest of 9,999.' }).waitFor();
  t.same(complaints, []);
});
