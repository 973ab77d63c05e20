// A module of the user's, from end to end: the worked example of harness/repro/README.md behaves as
// the guide says, offline once it was installed, and a module without packages is judged as well.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import type { Verdict } from '../../harness/verdict.ts';
import { blocksOf } from '../examples/readme-blocks.ts';
import { runCommandLine } from '../fixtures/command-line.ts';

const readme = 'harness/repro/README.md';
const text = readFileSync(new URL(`../../${readme}`, import.meta.url), 'utf8');
const blocks = blocksOf(readme, text);
const module = blocks.find(({ language }) => language === 'js')?.text ?? '';
const command = blocks.find(({ text: words }) => words.startsWith('npx leakbed repro'))?.text ?? '';
const limitMs = 600_000;

interface Told {
  readonly outcome: string;
  readonly rows: readonly { readonly packages: readonly string[]; readonly verdict: Verdict }[];
}

async function repro(t: Test, words: readonly string[], env: Record<string, string> = {}) {
  const out = t.testdirName;
  const args = ['repro', ...words, '--seed', '1', '--out', join(out, 'runs'), '--json'];
  const { code, stdout, stderr } = await runCommandLine(t, args, { limitMs, env });
  const told = stdout === '' ? undefined : (JSON.parse(stdout) as Told);
  return { code, told, stderr };
}

function moduleFile(t: Test, source: string): string {
  const file = join(t.testdir({}), 'my-repro.mjs');
  writeFileSync(file, source);
  return file;
}

/** The flags of the guide's command, behind its module. */
const flags = command.trim().split(/\s+/).slice(4);

test('the example of the guide leaks with one version, not with the other, and says who', async (t) => {
  const file = moduleFile(t, module);
  const first = await repro(t, [file, ...flags]);
  if (/The registry is needed once/.test(first.stderr)) {
    t.pass('it installs', { skip: 'npm cannot be reached' });
    return;
  }
  t.equal(first.code, 1, first.stderr);
  const [bad, good] = first.told?.rows ?? [];
  t.strictSame(bad?.packages, ['undici@5.14.0']);
  t.equal(bad?.verdict.finding, 'leak');
  t.equal(good?.verdict.finding, 'clean');
  const suspect = bad?.verdict.suspects[0];
  t.ok(suspect !== undefined && suspect.line > 0, 'the suspect has its line');
});

const keeping = `const kept = [];
export default async ({ iteration }) => void kept.push({ iteration, text: 'x'.repeat(64), list: [1, 2, 3] });
`;
const forgetting = `export default async ({ iteration }) => void [iteration, 'x'.repeat(64)];
`;

test('a module that keeps something of each call fails', async (t) => {
  const { code, told, stderr } = await repro(t, [moduleFile(t, keeping)]);
  t.equal(code, 1, stderr);
  t.equal(told?.rows[0]?.verdict.finding, 'leak');
});

test('a module that keeps nothing passes', async (t) => {
  const { code, told, stderr } = await repro(t, [moduleFile(t, forgetting)]);
  t.equal(code, 0, stderr);
  t.equal(told?.rows[0]?.verdict.finding, 'clean');
});
