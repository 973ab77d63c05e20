// What `leakbed repro` runs for which words, and the command that repeats it.

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import {
  chosenRepro,
  type ReproFlags,
  repeatRepro,
  variantsOf,
} from '../../../harness/cli/repro-variants.ts';
import { reproScenario } from '../../../harness/repro/repro.ts';

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

test('FILE#export is another export, unless a file has that name', async (t) => {
  const file = t.testdir({ 'units.mjs': '', 'odd#name.mjs': '' });
  const about = (what: string) => {
    const { slug: own, exported, unit } = chosenRepro(`${file}/${what}`, flags);
    return { own, exported, file: basename(fileURLToPath(unit)) };
  };
  t.strictSame(about('units.mjs#ask'), {
    own: 'units.mjs#ask',
    exported: 'ask',
    file: 'units.mjs',
  });
  t.strictSame(about('odd#name.mjs'), {
    own: 'odd#name.mjs',
    exported: undefined,
    file: 'odd#name.mjs',
  });
});

test('what the flags say of the measurement is in the scenario and in the command', async (t) => {
  const file = t.testdir({ 'units.mjs': '' });
  const plan = { faults: [{ fault: 'status', match: { nth: 2 } }] };
  const told = {
    ...flags,
    plan: JSON.stringify(plan),
    users: 1,
    tolerate: 200,
    resolution: 1000,
    maxSeconds: 20,
  };
  const repro = chosenRepro(`${file}/units.mjs`, told, plan.faults);
  const run = { label: 'x', restSeconds: 2, isDiagnosed: false };
  const stress = reproScenario(repro, run)
    .phases('smoke')
    .find(({ name: phase }) => phase === 'stress');
  t.match(stress, {
    faults: plan.faults,
    userCount: 1,
    maxSeconds: 20,
    experiment: { channels: { heapBytes: { deltaClean: 200, maxResolution: 1000 } } },
  });
  const words = repeatRepro('units.mjs', told, 1);
  t.match(words, / --users 1 --tolerate 200 --resolution 1000 --max-seconds 20 /);
  t.ok(words.includes(` --plan '${JSON.stringify(plan)}' `));
});
