// The form of every fault in the catalogue: shown, sent with what it shows, and taken by the fakes.

import { test } from 'tap';
import { needsChromium } from '../../fixtures/chromium.ts';
import { mocksFor, openDashboard } from '../../fixtures/dashboard-page.ts';

test('every fault of the catalogue is put in force from its form', needsChromium, async (t) => {
  const mocks = await mocksFor(t);
  const { page, said } = await openDashboard(t, mocks);
  const names = await page.locator('#fault option').allTextContents();
  t.ok(names.length > 60, `${names.length} faults`);
  for (const name of names) {
    await page.locator('#fault').selectOption(name);
    await page.getByRole('button', { name: 'Put in force' }).click();
    await said(new RegExp(`^${name} is in force`));
    t.equal(mocks.plan.current().faults.at(-1)?.fault, name);
    mocks.plan.clear();
  }
});
