// `tap run --timeout=400 tap.test.mjs`, as tap ends a file after 30 s: the first test passes, the
// second fails and names the line.

import { assertNoLeak } from 'leakbed';
import { test } from 'tap';

const unit = (name) => new URL(`./handlers.mjs#${name}`, import.meta.url);

test('the clean handler keeps nothing', { timeout: 180_000 }, async () => {
  await assertNoLeak(unit('askClean'), { seed: 1 });
});

test('the leaking handler keeps nothing', { timeout: 180_000 }, async () => {
  await assertNoLeak(unit('askLeaking'), { seed: 1 });
});
