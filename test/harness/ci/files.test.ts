// The files for CI systems: they are YAML, their scripts are shell, and each flag of leakbed that
// they use is there. The run step is run for real, with a leakbed that writes down its words.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { parse } from 'yaml';

const read = (name: string) =>
  readFileSync(new URL(`../../../harness/ci/${name}`, import.meta.url), 'utf8');
const entry = fileURLToPath(new URL('../../../harness/cli/leakbed.mjs', import.meta.url));

interface GithubFile {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, unknown>> } };
  readonly jobs: {
    readonly leakbed: {
      readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[];
    };
  };
}

const github = parse(read('github.yml')) as GithubFile;
const gitlab = parse(read('gitlab.yml')) as {
  readonly leakbed: { readonly script: string[]; readonly variables: Record<string, string> };
};
const scripts = {
  github: github.jobs.leakbed.steps.flatMap(({ run }) => run ?? []).join('\n'),
  gitlab: gitlab.leakbed.script.join('\n'),
};

for (const [name, script] of Object.entries(scripts)) {
  test(`the script for ${name} is shell, and its flags are those of leakbed`, async (t) => {
    execFileSync('bash', ['-n'], { input: script });
    const calls = [...script.matchAll(/npx leakbed ([a-z]+)((?:[^\n]|\\\n)*)/g)];
    t.ok(calls.length >= 2, `${calls.length} calls`);
    for (const [, command = '', words = ''] of calls) {
      const help = execFileSync(process.execPath, [entry, command, '--help'], { encoding: 'utf8' });
      for (const [flag] of words.matchAll(/--[a-z]+/g)) t.match(help, `${flag} `);
    }
  });
}

/** In a folder with a budget, and an npx that keeps what it was asked. */
function asked(t: Test, script: string, variables: Readonly<Record<string, string>>): string[] {
  const dir = t.testdir({ 'leakbed-budget.yaml': 'peak: 1GiB\n', 'leakbed-baseline.json': '{}' });
  const npx = join(dir, 'npx');
  writeFileSync(npx, `#!/bin/sh\necho "$@" >> ${join(dir, 'asked')}\n`, { mode: 0o755 });
  const path = `${dir}:${process.env.PATH}`;
  execFileSync('bash', ['-e'], {
    cwd: dir,
    input: script.replace('npm ci', ''),
    env: { ...variables, PATH: path, GITHUB_STEP_SUMMARY: join(dir, 'summary') },
  });
  return readFileSync(join(dir, 'asked'), 'utf8').trim().split('\n');
}

test('either file runs the gateway with the budget, and compares with the baseline', async (t) => {
  const own = { COMMAND: 'node my-gateway.js', URL: 'http://127.0.0.1:8080' };
  const rest = { SCENARIOS: 'a b', SCALE: 'ci', BUDGET: 'leakbed-budget.yaml' };
  const variables = { ...own, ...rest, BASELINE: 'leakbed-baseline.json' };
  for (const script of Object.values(scripts)) {
    const [run, compare] = asked(t, script, variables);
    t.match(
      run,
      /^leakbed run a b --scale ci .*--budget leakbed-budget.yaml .* -- node my-gateway.js$/,
    );
    t.equal(compare, 'leakbed compare leakbed-baseline.json leakbed-runs');
  }
});

test('every variable of a step of GitHub is one of its inputs', async (t) => {
  const inputs = Object.keys(github.on.workflow_call.inputs);
  const used = github.jobs.leakbed.steps.flatMap(({ env }) => Object.values(env ?? {}));
  t.ok(used.length >= 5);
  for (const value of used) t.ok(inputs.includes(value.replace(/\W|inputs/g, '')), value);
});
