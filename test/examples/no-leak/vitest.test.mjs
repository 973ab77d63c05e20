// `vitest run vitest.test.mjs`: the first test passes, the second fails and names the line.

import { assertNoLeak } from 'leakbed';
import { test } from 'vitest';

const unit = (name) => new URL(`./handlers.mjs#${name}`, import.meta.url);

test('the clean handler keeps nothing', { timeout: 180_000 }, async ({ signal }) => {
  await assertNoLeak(unit('askClean'), { seed: 1, signal });
});

test('the leaking handler keeps nothing', { timeout: 180_000 }, async ({ signal }) => {
  await assertNoLeak(unit('askLeaking'), { seed: 1, signal });
});
