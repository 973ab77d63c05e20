// A run as its dashboard shows it: the address it prints opens, the gateway's charts fill, the
// interval of the verdict narrows, a stall that is switched there holds up the gateway's billing,
// and the verdict stands on the page when the run is over. Two minutes.

import type { Page } from 'playwright-core';
import { test } from 'tap';
import { sleep } from '../../injectors/determinism.ts';
import { needsChromium } from '../fixtures/chromium.ts';
import { freshOut, startCommandLine } from '../fixtures/command-line.ts';
import { openDashboard } from '../fixtures/dashboard-page.ts';

const limitMs = 400_000;
const openMs = { timeout: limitMs };

const charts = ['Memory', 'Requests', 'Garbage collection', 'Sockets', 'Billing queue'];

/** The chart's own words: `live heap, kept of each request: 2400 B [2300, 2500]`. */
async function intervalWidth(page: Page): Promise<number> {
  const label = await page.locator('#verdict-section .plot').getAttribute('aria-label', openMs);
  const [, low, high] = /\[(.+), (.+)\]/.exec(label ?? '') ?? [];
  return Number(high?.replaceAll(',', '')) - Number(low?.replaceAll(',', ''));
}

test('a run prints its dashboard, which shows the gateway and the verdict forming', {
  ...needsChromium,
}, async (t) => {
  const words = ['run', 'streaming-connections', '--leak', 'unbounded-map', '--seed', '5'];
  const run = startCommandLine(t, [...words, '--out', await freshOut(t)], { limitMs });
  await run.untilSaid(/leakbed: dashboard http/);
  const [, url = ''] = /dashboard (http.*)\/__leakbed\/\n/.exec(run.stderr) ?? [];
  const { page, said } = await openDashboard(t, { url });

  await page.locator('#verdict-section canvas').waitFor(openMs);
  for (const title of charts) {
    await page.locator('#gateway-charts figcaption', { hasText: title }).waitFor(openMs);
  }
  t.match(await page.locator('#story').textContent(), /streaming-connections, smoke, seed 5/);
  await page.locator('#run-faults', { hasText: 'abort;at=3' }).waitFor(openMs);
  const hook = page.locator('.billing').first();
  await hook.getByText(/Followed: .* 0 held back/).waitFor(openMs);
  await hook.getByLabel('mode').selectOption('stuck');
  await said(/Billing in the process: stuck/);
  const queue = page.locator('#gateway-charts figcaption', { hasText: 'Billing queue' });
  await queue.getByText(/events [1-9]\d+/).waitFor(openMs);
  await hook.getByRole('button', { name: 'Heal' }).click();
  await said(/Billing in the process: pass/);
  const firstWidth = await intervalWidth(page);
  await run.untilSaid(/diagnosis:/);
  await sleep(1000);
  const lastWidth = await intervalWidth(page);
  t.ok(lastWidth < firstWidth, `${firstWidth} bytes wide at first, then ${lastWidth}`);

  t.equal((await run.ended).code, 1);
  await page.getByRole('heading', { name: 'The verdict', exact: true }).waitFor();
  t.equal(await page.locator('#verdict-section .badge').textContent(), 'fail');
  t.match(await page.locator('.suspects').textContent(), 'unbounded-map.ts');
});
