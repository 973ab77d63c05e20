// The report as readers meet it, in Debian's Chromium: with the eyes of axe in light and dark, on a
// screen and on a phone, by keyboard alone, offline, and of a run of an hour.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { type Test, test } from 'tap';
import { cellPhase, matrixId } from '../../../harness/checkers/matrix-cells.ts';
import type { RunRecord } from '../../../harness/record.ts';
import { htmlReport } from '../../../harness/reports/html.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { seriousViolations } from '../../fixtures/axe.ts';
import { launchChromium, needsChromium } from '../../fixtures/chromium.ts';
import { buildHeader, buildLeakVerdict, buildRecord, buildVerdict } from '../../fixtures/record.ts';

async function open(t: Test, html: string, options: BrowserContextOptions = {}) {
  const file = join(t.testdir({}), 'report.html');
  writeFileSync(file, html);
  const browser = await launchChromium();
  t.teardown(() => browser.close());
  const page = await browser.newPage(options);
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => void said.push(message.text()));
  page.on('pageerror', (error) => void said.push(error.message));
  page.on('request', (request) => void asked.push(request.url()));
  const startedMs = systemClock.nowMs();
  const url = pathToFileURL(file).href;
  await page.goto(url, { waitUntil: 'load' });
  const loadMs = systemClock.nowMs() - startedMs;
  return { page, said, asked: asked.filter((each) => each !== url), loadMs };
}

/** A leak with suspects and advice, a queue, and a matrix. */
const runs = [
  {
    verdict: buildLeakVerdict(),
    record: buildRecord({ heapBytesPerRequest: 1024, withQueue: true }),
  },
  { verdict: buildLeakVerdict({ scenario: matrixId }), record: matrixRecord() },
];

/** Its judged phase under the name of a cell. */
function matrixRecord(): RunRecord {
  const record = buildRecord({ heapBytesPerRequest: 4096 });
  const phase = cellPhase({ provider: 'bedrock', transport: 'http2', fault: 'hang;at=3' }, 'fault');
  return {
    ...record,
    header: buildHeader({ scenario: matrixId }),
    phases: record.phases.map((mark) =>
      mark.name === 'baseline' ? { ...mark, name: phase } : mark,
    ),
    levels: record.levels.map((level) => ({ ...level, phase })),
    requests: record.requests.map((row) => ({ ...row, phase })),
  };
}

test('every plot is drawn, the console is silent and nothing is asked of the network', {
  ...needsChromium,
}, async (t) => {
  const { page, said, asked } = await open(t, htmlReport(runs));
  const plots = await page.locator('.plot').count();
  t.ok(plots > 15, `${plots} plots`);
  t.equal(await page.locator('.plot canvas').count(), plots);
  t.equal(await page.locator('td.heat').count(), 1, 'the heat map has its cell');
  t.match(await page.locator('td.heat').textContent(), /LEAK/);
  t.same(said, []);
  t.same(asked, []);
});

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`axe finds nothing serious in ${colorScheme} at ${width} pixels`, {
    ...needsChromium,
  }, async (t) => {
    const options = { colorScheme, viewport: { width, height: 800 }, bypassCSP: true };
    const { page } = await open(t, htmlReport(runs), options);
    t.same(await seriousViolations(page), []);
  });
}

test('by keyboard one comes past the head to the verdict, and into what scrolls', {
  ...needsChromium,
}, async (t) => {
  const { page } = await open(t, htmlReport(runs));
  await page.keyboard.press('Tab');
  t.match(await page.evaluate('document.activeElement.textContent'), 'Skip to the verdict');
  await page.keyboard.press('Enter');
  t.equal(await page.evaluate('location.hash'), '#main');
  await page.keyboard.press('Tab');
  t.equal(
    await page.evaluate(`document.querySelector('main').contains(document.activeElement)`),
    true,
  );
});

test('a run of an hour with 36,000 readings of each metric opens in under 2 s and weighs under 5 MB', {
  ...needsChromium,
}, async (t) => {
  const record = buildRecord({ sampleCount: 36_000, durationMs: 3_600_000, withQueue: true });
  const html = htmlReport([{ verdict: buildVerdict(), record }]);
  t.ok(Buffer.byteLength(html) < 5e6, `${Buffer.byteLength(html)} bytes`);
  const { page, loadMs } = await open(t, html);
  t.equal(await page.locator('.plot canvas').count(), await page.locator('.plot').count());
  t.ok(loadMs < 2000, `${Math.round(loadMs)} ms`);
});
