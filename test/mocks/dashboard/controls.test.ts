// Every control of the dashboard does what it says: looked at in a browser, and past it through the
// control plane and in the bytes of real streams. Skipped where there is no Chromium.

import { test } from 'tap';
import { systemClock } from '../../../injectors/determinism.ts';
import { needsChromium } from '../../fixtures/chromium.ts';
import { eventCount, mocksFor, openDashboard, streamed } from '../../fixtures/dashboard-page.ts';

test('a fault that is added with its options is in the plan and on the wire', {
  ...needsChromium,
}, async (t) => {
  const mocks = await mocksFor(t);
  const { page, control, said, complaints } = await openDashboard(t, mocks);
  await page.locator('#fault').selectOption('truncate');
  const form = page.locator('#add-fault');
  await form.getByLabel('at', { exact: true }).last().fill('3');
  await form.getByLabel('end', { exact: true }).selectOption('cut');
  await form.getByText('Which requests, how long').click();
  await form.getByLabel('provider').selectOption('vertex');
  await form.getByRole('button', { name: 'Put in force' }).click();
  await said(/truncate is in force: .*after 3 events/);
  t.match(await control('/plan'), {
    faults: [
      { fault: 'truncate', options: { at: '3', end: 'cut' }, match: { provider: 'vertex' } },
    ],
  });
  const answer = await streamed(mocks, 'chunks=10');
  t.equal(eventCount(answer), 3);
  t.equal(answer.end, 'fin');
  await page.locator('.counts', { hasText: 'on 1 of 1 requests' }).waitFor();
  t.same(complaints, []);
});

test('a slider by keyboard and a select change a fault in force', needsChromium, async (t) => {
  const mocks = await mocksFor(t, { plan: { faults: [{ fault: 'truncate' }] } });
  const { page, control, said } = await openDashboard(t, mocks);
  const card = page.locator('#faults .fault');
  await card.getByRole('slider', { name: 'at' }).focus();
  await page.keyboard.press('Home');
  await said(/truncate .*after 0 % of the events/);
  t.match(await control('/plan'), { faults: [{ options: { at: '0%' } }] });
  t.equal(eventCount(await streamed(mocks, 'chunks=10')), 0);
  await card.getByLabel('end', { exact: true }).selectOption('cut');
  await said(/truncate .*cut/);
  t.equal((await streamed(mocks, 'chunks=10')).end, 'fin');
});

test('a switch takes a fault out of force and puts it back', needsChromium, async (t) => {
  const mocks = await mocksFor(t, { plan: { faults: [{ fault: 'truncate' }] } });
  const { page, control, said } = await openDashboard(t, mocks);
  const whole = eventCount(await streamed(mocks, 'chunks=10 fault=noop'));
  const toggle = page.getByRole('switch', { name: 'truncate acts' });
  t.equal(await toggle.getAttribute('aria-checked'), 'true');
  await toggle.click();
  await said(/truncate is switched off/);
  t.same(await control('/plan'), { faults: [] });
  t.equal(eventCount(await streamed(mocks, 'chunks=10')), whole);
  await toggle.press('Space');
  await said(/truncate is switched on/);
  t.equal(await toggle.getAttribute('aria-checked'), 'true');
  t.ok(eventCount(await streamed(mocks, 'chunks=10')) < whole);
});

test('the share slider says how many of the requests are hit', needsChromium, async (t) => {
  const mocks = await mocksFor(t, { plan: { faults: [{ fault: 'truncate' }] } });
  const { page, control, said } = await openDashboard(t, mocks);
  await page.locator('#faults').getByRole('slider', { name: 'share' }).focus();
  await page.keyboard.press('Home');
  await said(/truncate/);
  t.match(await control('/plan'), { faults: [{ toxicity: 0 }] });
  t.equal((await streamed(mocks, 'chunks=10')).end, 'whole');
});

test('what the fakes refuse is told with the reason, and the control says what is in force', {
  ...needsChromium,
}, async (t) => {
  const plan = { faults: [{ fault: 'slow', options: { gap: '5ms' } }] };
  const { page, control, said } = await openDashboard(t, await mocksFor(t, { plan }));
  const box = page.locator('#faults').getByLabel('gap', { exact: true }).last();
  await box.fill('soon');
  await box.press('Enter');
  await said(/Cannot read faults\[0\]\.options\.gap=soon: it must be a duration/);
  t.equal(await box.inputValue(), '5ms');
  t.match(await control('/plan'), plan);
});

test('faults are removed one by one and all at once', needsChromium, async (t) => {
  const plan = { faults: [{ fault: 'slow' }, { fault: 'ttft' }, { fault: 'truncate' }] };
  const { page, control, said } = await openDashboard(t, await mocksFor(t, { plan }));
  await page.getByRole('button', { name: 'Remove ttft' }).click();
  await said(/ttft is taken out of the plan/);
  t.match(await control('/plan'), { faults: [{ fault: 'slow' }, { fault: 'truncate' }] });
  await page.getByRole('button', { name: 'Clear' }).click();
  await said(/The plan is cleared/);
  t.same(await control('/plan'), { faults: [] });
  await page.locator('#no-faults').waitFor();
});

test('faults that another client puts in force appear, and go when their time is over', {
  ...needsChromium,
}, async (t) => {
  const { page, control } = await openDashboard(t, await mocksFor(t));
  await control('/plan/faults', 'POST', { fault: 'slow', ttl: '1s' });
  const card = page.locator('#faults .fault');
  await card.getByText('reverts in 1 s').waitFor();
  await card.waitFor({ state: 'detached' });
  t.same(await control('/plan/faults'), { faults: [] });
});

test('a stream is ended from its row, and its client sees a reset', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page, said } = await openDashboard(t, mocks);
  const answer = streamed(mocks, 'chunks=10 gap=30s');
  await page.getByRole('button', { name: 'End stream 1' }).click();
  await said(/Stream 1 is ended/);
  t.equal((await answer).end, 'reset');
  t.match(mocks.journal.since(0), [{ ending: 'cancel', injected: ['ended by hand'] }]);
  await page.locator('#requests').getByText('ended by hand').waitFor();
  t.equal(await page.locator('#streams tbody tr').count(), 0);
});

test('the largest streams are shown in place of the oldest', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page } = await openDashboard(t, mocks);
  const ends = ['bytes=10', 'bytes=5000'].map((words) =>
    streamed(mocks, `chunks=10 gap=0ms fault=hang;at=3 ${words}`).catch(() => undefined),
  );
  await page.locator('#streams-count', { hasText: '2 in flight' }).waitFor();
  const first = page.locator('#streams tbody tr td').first();
  await page.getByLabel('largest').check();
  const largest = mocks.journal.inFlight().toSorted((a, b) => b.bytes - a.bytes)[0];
  await first.getByText(String(largest?.sequence), { exact: true }).waitFor();
  await page.getByLabel('oldest').check();
  await first.getByText('1', { exact: true }).waitFor();
  for (const { sequence } of mocks.journal.inFlight()) mocks.journal.stop(sequence);
  await Promise.all(ends);
});

test('a paused feed is closed and shows nothing new until it goes on', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page, said } = await openDashboard(t, mocks);
  const requests = page.locator('#tiles div', { hasText: 'Requests' }).locator('dd').first();
  await page.getByRole('button', { name: 'Pause' }).click();
  await said(/The feed is paused/);
  await streamed(mocks, 'chunks=1');
  await new Promise<void>((resolve) => systemClock.after(600, resolve));
  t.equal(await requests.textContent(), '0');
  t.equal(await page.locator('#link-text').textContent(), 'paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await said(/The feed goes on/);
  await requests.getByText('1', { exact: true }).waitFor();
});

test('the billing stall is switched and healed', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page, control, said } = await openDashboard(t, mocks);
  const hook = page.locator('.billing').first();
  await hook.getByText('in the process').click();
  await hook.getByLabel('mode').selectOption('slow');
  await said(/Billing in the process: slow/);
  const delay = hook.getByLabel('delay').last();
  await delay.fill('750');
  await delay.press('Enter');
  await said(/Billing in the process: slow/);
  const path = '/switches/billing-stall/seen';
  t.match(await control(path), { state: { mode: 'slow', delayMs: 750 } });
  await hook.getByText('Nobody follows this switch, which says slow').waitFor();
  await control('/switches/billing-stall/seen', 'POST', { version: 3, calls: 7, waiting: 2 });
  await hook.getByText('Followed: 7 calls seen and 2 held back').waitFor();
  await hook.getByRole('button', { name: 'Heal' }).click();
  await said(/Billing in the process: pass/);
  t.match(await control(path), { state: { mode: 'pass' } });
  const modes = page.locator('.billing').nth(2).getByLabel('mode').locator('option');
  t.same(await modes.allTextContents(), ['pass', 'stuck', 'error', 'flap'], 'none it cannot do');
});

test('reset clears the journal and the plan', needsChromium, async (t) => {
  const mocks = await mocksFor(t, { plan: { faults: [{ fault: 'slow' }] } });
  const { page, control, said } = await openDashboard(t, mocks);
  await streamed(mocks, 'chunks=1');
  t.match(await control('/journal'), { entries: [{ sequence: 1 }] });
  await page.getByRole('button', { name: 'Reset' }).click();
  await said(/Journal, plan and what the fakes remember are cleared/);
  t.same(await control('/plan'), { faults: [] });
  t.match(await control('/journal'), { entries: [] });
});
