// A run as its dashboard shows it: the address it prints opens, the gateway's charts fill, the
// gateway follows the billing switch, the verdict forms, and it stands on the page when the run is
// over. Two minutes.

import type { Page } from 'playwright-core';
import { test } from 'tap';
import { sleep } from '../../injectors/determinism.ts';
import { needsChromium } from '../fixtures/chromium.ts';
import { freshOut, startCommandLine } from '../fixtures/command-line.ts';
import { openDashboard } from '../fixtures/dashboard-page.ts';

const limitMs = 400_000;
const openMs = { timeout: limitMs };

const charts = ['Memory', 'Requests', 'Garbage collection', 'Sockets', 'Billing queue'];

/** Of the chart's own words: `live heap, kept of each request: 2400 B [2300, 2500]`. */
async function lowerBound(page: Page): Promise<number> {
  const label = await page.locator('#verdict-section .plot').getAttribute('aria-label', openMs);
  return Number(/\[(.+), .+\]/.exec(label ?? '')?.[1]?.replaceAll(',', ''));
}

test('a run prints its dashboard, which shows the gateway and the verdict forming', {
  ...needsChromium,
}, async (t) => {
  const words = ['run', 'streaming-connections', '--leak', 'unbounded-map', '--seed', '5'];
  const run = startCommandLine(t, [...words, '--out', await freshOut(t)], { limitMs });
  await run.untilSaid(/Dashboard: http/);
  const [, url = ''] = /Dashboard: (http.*)\/__leakbed\/\n/.exec(run.stderr) ?? [];
  const { page } = await openDashboard(t, { url });

  await page.locator('#verdict-section canvas').waitFor(openMs);
  for (const title of charts) {
    await page.locator('#gateway-charts figcaption', { hasText: title }).waitFor(openMs);
  }
  t.match(await page.locator('#story').textContent(), /streaming-connections, smoke, seed 5/);
  await page.locator('#run-faults', { hasText: 'abort;at=3' }).waitFor(openMs);
  const hook = page.locator('.billing').first();
  await hook.getByText(/Followed: .* 0 held back/).waitFor(openMs);
  await run.untilSaid(/diagnosis:/);
  await sleep(1000);
  t.ok((await lowerBound(page)) > 0, 'by then growth is more than noise');

  t.equal((await run.ended).code, 1);
  await page.getByRole('heading', { name: 'The verdict', exact: true }).waitFor();
  t.equal(await page.locator('#verdict-section .badge').textContent(), 'fail');
  t.match(await page.locator('.suspects').textContent(), 'unbounded-map.ts');
});
