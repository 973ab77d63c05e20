// The dashboard for everybody: light and dark, on a phone, by keyboard, with a screen reader's eyes
// (axe), with less motion; and for nobody else: its content policy and its token.

import { test } from 'tap';
import { seriousViolations } from '../../fixtures/axe.ts';
import { needsChromium } from '../../fixtures/chromium.ts';
import { mocksFor, openDashboard, streamed } from '../../fixtures/dashboard-page.ts';
import { toldRun } from '../../fixtures/told-run.ts';

const plan = { faults: [{ fault: 'slow', options: { gap: '1ms' } }, { fault: 'truncate' }] };

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const) {
  test(`axe finds nothing serious in ${colorScheme} at ${width} pixels, during a run`, {
    ...needsChromium,
  }, async (t) => {
    const mocks = await mocksFor(t, { plan });
    const options = { colorScheme, viewport: { width, height: 800 }, bypassCSP: true };
    const { page, control, complaints } = await openDashboard(t, mocks, options);
    for (const message of toldRun()) await control('/live', 'POST', message);
    await streamed(mocks, 'chunks=3');
    await page.locator('#verdict-section canvas').waitFor();
    t.ok((await page.locator('#gateway-charts canvas').count()) >= 5, 'the charts are there');
    t.same(await seriousViolations(page), []);
    const sizes = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]';
    const [content, window] = (await page.evaluate(sizes)) as [number, number];
    t.equal(content, window, 'it scrolls in one direction only');
    t.same(complaints, []);
  });
}

test('by keyboard alone one comes past the head, to a switch, and knows what it did', {
  ...needsChromium,
}, async (t) => {
  const { page, said, control } = await openDashboard(t, await mocksFor(t, { plan }));
  await page.keyboard.press('Tab');
  t.match(await page.evaluate('document.activeElement.textContent'), 'Skip to the dashboard');
  await page.keyboard.press('Enter');
  t.equal(await page.evaluate('location.hash'), '#main');
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.role')) === 'switch') break;
  }
  await page.keyboard.press('Enter');
  await said(/slow is switched off/);
  t.match(await control('/plan'), { faults: [{ fault: 'truncate' }] });
  t.equal(await page.evaluate('document.activeElement.role'), 'switch', 'the focus stays');
  t.equal(await page.locator('#said').getAttribute('aria-live'), 'polite');
});

test('a removed card leaves the focus at the list, not nowhere', needsChromium, async (t) => {
  const { page, said } = await openDashboard(t, await mocksFor(t, { plan }));
  await page.getByRole('button', { name: 'Remove slow' }).press('Enter');
  await said(/slow is taken out/);
  await page.locator('.fault', { hasText: 'slow' }).waitFor({ state: 'detached' });
  t.equal(await page.evaluate('document.activeElement.id'), 'clear-plan');
});

test('who wants less motion gets none', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page } = await openDashboard(t, mocks, { reducedMotion: 'reduce' });
  const duration = `getComputedStyle(document.getElementById('said')).transitionDuration`;
  t.equal(await page.evaluate(duration), '0s');
});

test('the policy lets no script run that is not a file of ours', needsChromium, async (t) => {
  const { page, base, complaints } = await openDashboard(t, await mocksFor(t));
  const policy = (await fetch(`${base}/`)).headers.get('content-security-policy') ?? '';
  t.match(policy, "script-src 'self'");
  t.notMatch(policy, 'unsafe');
  await page.evaluate(`{
    const script = document.createElement('script');
    script.textContent = 'document.title = "owned"';
    document.head.append(script);
  }`);
  t.not(await page.title(), 'owned');
  t.match(complaints, [/Content Security Policy/]);
});

test('with a token the page asks for it, and what opens nothing is told', {
  ...needsChromium,
}, async (t) => {
  const mocks = await mocksFor(t, { token: 's\u00e9cret/+=', plan });
  const { page, said, complaints } = await openDashboard(t, mocks, { isOpen: false });
  await page.locator('#token').fill('wrong');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('That is not the token of these fakes').waitFor();
  t.equal(await page.locator('#board').isVisible(), false);
  await page.locator('#token').fill('s\u00e9cret/+=');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.locator('#board').waitFor();
  t.equal(await page.locator('#link-text').textContent(), 'live');
  await page.getByRole('switch', { name: 'slow acts' }).click();
  await said(/slow is switched off/);
  t.same(
    complaints.filter((text) => !text.includes('401')),
    [],
  );
  await page.reload();
  await page.locator('#board').waitFor();
  t.pass('it stays in the tab');
});
