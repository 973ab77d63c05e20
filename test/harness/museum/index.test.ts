// The entries of the museum as data: each can be run, and its README lists it.

import { existsSync, readFileSync } from 'node:fs';
import { test } from 'tap';
import { museum } from '../../../harness/museum/index.ts';
import { publishedFinding } from '../../../harness/repro/repro.ts';
import { splitPackage } from '../../../harness/repro/workshop.ts';

const readme = readFileSync(new URL('../../../harness/museum/README.md', import.meta.url), 'utf8');
const namesOf = (packages: readonly string[] = []) => packages.map((text) => splitPackage(text)[0]);

test('there are at least twelve entries, each with a name of its own', async (t) => {
  t.ok(museum.length >= 12);
  t.equal(new Set(museum.map(({ slug }) => slug)).size, museum.length);
});

for (const { slug, unit, packages, fixed, reference, published } of museum) {
  test(`${slug} says all that a run needs, and the README has its row`, async (t) => {
    t.ok(existsSync(unit), 'its unit is there');
    t.match(
      readFileSync(unit, 'utf8'),
      /^export default async function \w+\(|^(?:async )?def unit\(/m,
    );
    t.strictSame(
      namesOf(fixed).filter((name) => !namesOf(packages).includes(name)),
      [],
      'what mends it is another version of what leaks',
    );
    t.match(reference, /^https:\/\/github\.com\/|^found with leakbed/);
    t.ok(published);
    t.match(readme, `| \`${slug}\``);
  });
}

test('what comes back by itself is a leak to who does not wait for it', async (t) => {
  const entry = museum.find(({ releaseSeconds }) => releaseSeconds === 300);
  t.ok(entry);
  if (entry === undefined) return;
  t.equal(publishedFinding(entry, 2), 'leak');
  t.equal(publishedFinding(entry, 330), 'bounded');
});

test('what never comes back is a leak however long one waits', async (t) => {
  const entry = museum.find(({ releaseSeconds }) => releaseSeconds === undefined);
  t.ok(entry);
  if (entry !== undefined) t.equal(publishedFinding(entry, 3600), 'leak');
});
