// Bifrost's core in Go, unchanged: driven through the providers' real names, and seen from outside
// only, which is told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { startChildProcess } from '../../harness/subjects/child-process.ts';
import { freePort } from '../../harness/subjects/free-port.ts';
import { whyNoOwnNetwork } from '../../harness/subjects/own-network.ts';
import { install, type Recipe } from '../conformance/clients/install.ts';
import { freshOut, onlyRun, startCommandLine } from '../fixtures/command-line.ts';
import { lookOnce } from '../fixtures/one-look.ts';

const here = (name: string) => new URL(`./bifrost/${name}`, import.meta.url);
const source = fileURLToPath(here(''));

const recipe: Recipe = {
  name: 'bifrost-core',
  locks: ['main.go', 'go.mod', 'go.sum'].map(here),
  commands: (folder) => [['go', 'build', '-C', source, '-o', join(folder, 'gateway'), '.']],
  program: (folder) => join(folder, 'gateway'),
};

const installed = await install(recipe);
const skip = installed.reason ?? false;
const noNetwork = whyNoOwnNetwork({ hosts: [], addresses: {} }) ?? false;

test('of a Go process that runs the outside is measured, and said to be all', {
  skip,
}, async (t) => {
  if (installed.reason !== undefined) return;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), MODEL: 'any' };
  const go = await startChildProcess({ name: 'go', command: [installed.program], url, env });
  t.teardown(() => go.stop());
  const { record } = await lookOnce(t, { kind: 'pid', pid: go.pid ?? 0, url });
  const told = /^Not measured on PID \d+ \(gateway\): inspector, gc, .*has no V8 inspector/;
  t.equal(record.warnings.filter((warning) => told.test(warning)).length, 1, 'said once');
  const [level] = record.levels;
  for (const metric of ['anonBytes', 'fdCount', 'socketCount', 'threadCount'] as const) {
    t.ok((level?.values[metric] ?? 0) > 0, metric);
  }
  for (const metric of ['heapBytes', 'handleCount', 'taskCount'] as const) {
    t.notOk(level?.values[metric], `${metric} is left out`);
  }
});

test('Bifrost’s core answers through the real names', { skip: skip || noNetwork }, async (t) => {
  if (installed.reason !== undefined) return;
  const out = await freshOut(t);
  const profile = fileURLToPath(here('profile.yaml'));
  const words = ['run', 'endurance', '--profile', profile, '--transparent', '--seed', '1'];
  const run = startCommandLine(t, [...words, '--json', '--out', out], {
    env: { LEAKBED_BIFROST_CORE: installed.folder },
    limitMs: 400_000,
  });
  const { stdout } = await run.ended;
  t.comment(stdout.slice(0, 2000));
  const rows = readFileSync(join(await onlyRun(out), 'requests.ndjson'), 'utf8').split('\n');
  const answered = rows.filter((row) => row.includes('"outcome":"ok"')).length;
  const failed = rows.filter((row) => row.includes('"outcome":"error"')).length;
  t.ok(answered > 100 && failed < 0.02 * answered, `${answered} answered, ${failed} failed`);
});
