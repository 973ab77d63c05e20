// Transparent mode with the Python SDKs of both clouds, each told a region or a project alone, and
// with a gateway that is measured. The SDKs come from PyPI, into a folder that is kept; where that
// cannot be reached their tests are skipped.

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { install, python } from '../conformance/clients/install.ts';
import { freshOut, onlyRun, runCommandLine } from '../fixtures/command-line.ts';
import { withoutClouds } from '../fixtures/without-clouds.ts';

const here = (name: string) => new URL(`transparent/${name}`, import.meta.url);
const program = fileURLToPath(here('clouds.py'));
const installed = await install(python(here('clouds.txt')));
const needed = installed.reason === undefined ? {} : { skip: `PyPI: ${installed.reason}` };
const interpreter = installed.reason === undefined ? installed.program : '';

test('boto3 and google-cloud-aiplatform find all they ask for', needed, async (t) => {
  const env = await withoutClouds(t);
  const args = ['mocks', '--transparent', '--seed', '1', '--', interpreter, program];
  const { code, stdout, stderr } = await runCommandLine(t, args, { env });
  t.equal(code, 0, stderr);
  const said = { bedrock: 960, models: true, sts: '123456789012', grpc: 960, rest: 960 };
  t.strictSame(JSON.parse(stdout), said);
});

test('the same program fails without transparent mode', needed, async (t) => {
  const env = { ...process.env, ...(await withoutClouds(t)) };
  const { status, stdout } = spawnSync(interpreter, [program], { encoding: 'utf8', env });
  t.not(status, 0);
  t.equal(stdout, '');
});

const limitMs = 420_000;
const isAble = spawnSync('unshare', ['--user', '--map-root-user', '--net', 'true']).status === 0;
const own = {
  timeout: limitMs,
  ...(isAble ? {} : { skip: 'namespaces: unshare is refused here' }),
};

test('a gateway that is told no address is measured and passes', own, async (t) => {
  const out = await freshOut(t);
  const args = ['run', 'streaming-connections', '--transparent', '--seed', '1', '--out', out];
  const { code, stderr } = await runCommandLine(t, args, { env: await withoutClouds(t), limitMs });
  t.equal(code, 0, stderr);
  const dir = await onlyRun(out);
  const verdict = JSON.parse(await readFile(join(dir, 'verdict.json'), 'utf8'));
  t.match(verdict, { outcome: 'pass', repeat: /streaming-connections .*--transparent/ });
});
