// What `leakbed repro` runs for which words, and the command that repeats it.

import { test } from 'tap';
import {
  chosenRepro,
  type ReproFlags,
  repeatRepro,
  variantsOf,
} from '../../../harness/cli/repro-variants.ts';

const flags: ReproFlags = {
  package: [],
  compare: [],
  fault: [],
  rest: 2,
  suspects: true,
  scale: 'smoke',
  out: 'runs',
};
const slug = 'smithy-drained-sessions';
const name = '@smithy/node-http-handler';

test('an entry runs as published: what leaks, then what does not', async (t) => {
  t.strictSame(variantsOf(chosenRepro(slug, flags), flags), [
    { packages: [`${name}@4.12.0`], expected: 'leak' },
    { packages: [`${name}@4.12.1`], expected: 'clean' },
  ]);
});

test('who waits longer than the release expects it', async (t) => {
  const waiting = { ...flags, rest: 330 };
  t.equal(variantsOf(chosenRepro(slug, waiting), waiting)[0]?.expected, 'bounded');
});

for (const own of [
  { package: [`${name}@4.14.2`] },
  { node: '22.14.0' },
  { fault: ['truncate;at=50%'] },
]) {
  test(`an entry with ${JSON.stringify(own)} is one run of which nothing is expected`, async (t) => {
    const changed = { ...flags, ...own };
    const variants = variantsOf(chosenRepro(slug, changed), changed);
    t.strictSame(variants, [{ packages: own.package ?? [`${name}@4.12.0`] }]);
  });
}

test('--compare takes the place of the package of its name only', async (t) => {
  const compared = { ...flags, package: ['ai@6.0.265', 'zod@4.0.0'], compare: ['ai@6.0.266'] };
  t.strictSame(variantsOf({ ...chosenRepro(slug, compared), packages: [] }, compared), [
    { packages: ['ai@6.0.265', 'zod@4.0.0'] },
    { packages: ['ai@6.0.266', 'zod@4.0.0'] },
  ]);
});

test('a file is a module of the user, with nothing published', async (t) => {
  const file = t.testdir({ 'my repro.mjs': 'export default async () => {};\n' });
  const { slug: own, reference, packages } = chosenRepro(`${file}/my repro.mjs`, flags);
  t.strictSame(
    { own, reference, packages },
    { own: 'my repro.mjs', reference: undefined, packages: [] },
  );
});

test('a word that is nearly an entry is answered with the entry', async (t) => {
  t.throws(() => chosenRepro('smithy-drained-session', flags), {
    message: /no such file, and no such entry .* Did you mean "smithy-drained-sessions"\?/,
  });
});

test('a fault that does not exist is refused before anything is installed', async (t) => {
  const wrong = { ...flags, fault: ['truncat'] };
  t.throws(() => chosenRepro(slug, wrong), { message: /Did you mean "truncate"/ });
});

test('the command to repeat holds every choice, quoted for a shell', async (t) => {
  const chosen = {
    ...flags,
    package: ['a@1.0.0'],
    compare: ['a@2.0.0'],
    node: '22',
    fault: ['truncate;at=50%'],
    rest: 330,
  };
  t.equal(
    repeatRepro('./my repro.mjs', chosen, 7),
    "npx leakbed repro './my repro.mjs' --package a@1.0.0 --compare a@2.0.0 --node 22 " +
      "--fault 'truncate;at=50%' --rest 330 --scale smoke --seed 7",
  );
});
