// The package as users get it: packed, installed into an empty folder, run there on the system's
// own Node, and its types read by TypeScript with nothing skipped.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'tap';
import { installPackage } from '../fixtures/packed-package.ts';

const MB = 1e6;

const consumer = `
import { assertNoLeak, measureLeak, startMocks } from 'leakbed';
import type { Fault, FaultPlan, Finding, Probe, Scenario, UnitOfWork, Verdict } from 'leakbed';

const fault: Fault = { fault: 'truncate', options: { at: '50%' }, match: { nth: 2 } };
const plan: FaultPlan = { faults: [fault] };
export const unit: UnitOfWork = async ({ bedrockUrl }) => void (await fetch(bedrockUrl));
export async function check(): Promise<Finding> {
  await using mocks = await startMocks({ plan, seed: 1 });
  await mocks.setPlan({ faults: [] });
  const verdict: Verdict = await assertNoLeak('./unit.mjs', { plan, maxSeconds: 20 });
  const { retainedBytesPerRequest, suspects } = await measureLeak('./unit.mjs');
  const bytes: number = retainedBytesPerRequest?.low ?? suspects[0]?.line ?? 0;
  return bytes > 0 ? 'leak' : verdict.finding;
}
export const phases = (scenario: Scenario) => scenario.phases('smoke').map(({ name }) => name);
export const reads = ({ metrics }: Probe) => metrics.includes('heapBytes');
`;
const mistake = `
import type { FaultPlan } from 'leakbed';
export const plan: FaultPlan = { faults: [{ name: 'truncate' }] };
`;
const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2022', 'esnext.disposable'],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  types: ['node'],
};

const unit = `
const kept = [];
export default function work({ iteration }) {
  kept.push(Array.from({ length: 100 }, (_, index) => index + iteration));
}
`;

/** Each with what it has to say. */
const commands: readonly (readonly [script: string, said: RegExp])[] = [
  ['npx leakbed --help', /Usage: leakbed/],
  ['npx leakbed --version', /^\d+\.\d+\.\d+$/m],
  // The Node of the system, which hands over; npx finds the pinned one before it.
  ['node node_modules/.bin/leakbed --version', /^\d+\.\d+\.\d+$/m],
  ['npx leakbed leaks', /smithy-drained-sessions/],
  ['npx leakbed faults truncate', /truncate/],
  ['npx leakbed scenarios streaming-connections --artillery', /clientFault: abort;at=3/],
  ['npx leakbed completion bash', /complete .*leakbed/],
  ['npx leakbed mocks --json --port 0 -- node -e 0', /"url":"http:/],
  ['ls node_modules/leakbed/dist/harness/profiles/litellm.yaml', /litellm/],
  ['ls node_modules/leakbed/dist/harness/subjects/reference-python/gateway/server.py', /server/],
  ['ls node_modules/leakbed/dist/harness/museum/units', /smithy-drained-stream\.mjs/],
];

test('the package, installed into an empty folder', async (t) => {
  t.setTimeout(900_000);
  const installed = await installPackage(t, ['typescript@7.0.2', '@types/node@24']);
  if ('reason' in installed) {
    t.pass('the package installs', { skip: installed.reason });
    return;
  }
  const { folder, packed, run } = installed;
  const { stdout: node } = await run('node --version');
  t.comment(`on Node ${node.trim()}`);

  t.test('it is small and holds what runs, and no test, map or source', async (t) => {
    const { packedBytes, unpackedBytes, paths } = packed;
    t.comment(
      `${paths.length} files, ${(packedBytes / MB).toFixed(2)} MB packed, ` +
        `${(unpackedBytes / MB).toFixed(2)} MB unpacked`,
    );
    t.ok(packedBytes < 1 * MB, 'under 1 MB packed');
    t.ok(unpackedBytes < 4 * MB, 'under 4 MB unpacked');
    const strange = /\.map$|\.test\.|\.slow\.|(?<!\.d)\.ts$|^test\/|\.pyc$|Dockerfile/;
    t.strictSame(
      paths.filter((path) => strange.test(path)),
      [],
    );
  });

  for (const [script, said] of commands) {
    t.test(`${script} works there`, async (t) => {
      const { code, stdout, stderr } = await run(script);
      t.equal(code, 0, code === 0 ? 'it exits with 0' : stderr);
      t.match(stdout, said);
    });
  }

  t.test('npx leakbed run gives a verdict, and report renders it again', async (t) => {
    const ran = await run('npx leakbed run streaming-connections --seed 1 --json', 300_000);
    const [verdict] = JSON.parse(ran.stdout).verdicts;
    t.equal(verdict.scenario, 'streaming-connections');
    t.equal(ran.code, 0, ran.stderr);
    const told = await run('npx leakbed report runs/*-streaming-connections');
    t.equal(told.code, 0, told.stderr);
  });

  t.test('npx leakbed repro convicts a module of three lines and names its line', async (t) => {
    await writeFile(join(folder, 'unit.mjs'), unit);
    const { code, stdout, stderr } = await run('npx leakbed repro ./unit.mjs --seed 1 --json');
    t.equal(code, 1, stderr);
    t.match(JSON.parse(stdout).rows[0].told.join('\n'), /in the variable kept.*\(unit\.mjs:2\)/);
  });

  t.test('TypeScript takes its types with nothing skipped, and refuses a wrong plan', async (t) => {
    const files = { 'consumer.ts': consumer, 'mistake.ts': mistake };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const check = async (name: string) => {
      const settings = { compilerOptions, files: [`${name}.ts`] };
      await writeFile(join(folder, `${name}.json`), JSON.stringify(settings));
      return await run(`node node_modules/typescript/bin/tsc -p ${name}.json`);
    };
    const { code, stdout } = await check('consumer');
    t.equal(code, 0, stdout);
    const refused = await check('mistake');
    t.not(refused.code, 0);
    t.match(refused.stdout, /'name' does not exist in type 'Fault'/);
  });
});
