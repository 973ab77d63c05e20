// The reduced form of test/bench/diagnosis.ts: the leak that needs all its means, and a program
// that keeps nothing.

import { test } from 'tap';
import { diagnoseLeak } from '../../fixtures/diagnosed-leak.ts';
import { plantedLeaks } from '../../gallery/planted.ts';

test('the function and the variable behind a leak of numbers are named first', async (t) => {
  const leak = plantedLeaks.find(({ file }) => file === 'numbers.mjs');
  if (leak === undefined) throw new Error('The gallery has lost its array of numbers.');
  const { suspects } = await diagnoseLeak(leak);
  const [first] = suspects;
  const holder = suspects.find(({ kind }) => kind !== 'function');
  t.equal(first?.name, 'observe');
  t.equal(holder?.name, 'latencies:Array');
  t.equal(`${holder?.file}:${holder?.line}`, 'apps/numbers.mjs:3');
  t.match(
    holder?.path,
    /the variable latencies, which observe\(\) can see; grows by 256 per request/,
  );
});

test('a program that keeps nothing has no variable of its own accused', async (t) => {
  const none = { file: 'none.mjs', kind: 'none', function: '', variable: '' };
  const { suspects, promisesPerRequest, generatorsPerRequest } = await diagnoseLeak(none);
  const accused = suspects.filter(
    ({ kind, file, bytesPerRequest }) =>
      kind !== 'function' && file.startsWith('apps/') && bytesPerRequest > 0,
  );
  t.same(accused, []);
  t.ok((promisesPerRequest ?? 1) < 0.1, `${promisesPerRequest} promises are left`);
  t.ok((generatorsPerRequest ?? 1) < 0.1, `${generatorsPerRequest} generators are left`);
});
