// The manifests held to Kubernetes' own types (Go module k8s.io/api), decoded strictly as its
// server does: an unknown, doubled or wrong field is refused.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { t as root, test } from 'tap';
import { goProgram } from '../../fixtures/go-program.ts';
import { manifestFiles } from '../../fixtures/manifests.ts';

// The decoder is built first, where it has not been: minutes on a small machine.
root.setTimeout(900_000);
const built = await goProgram('strict', new URL('./strict/', import.meta.url));
const skip = built.reason === undefined ? false : `k8s.io/api: ${built.reason}`;
const program = built.reason === undefined ? built.program : '';

const decode = (...files: readonly string[]) => spawnSync(program, files, { encoding: 'utf8' });

test('each document of each manifest is one of its kind', { skip }, async (t) => {
  const { status, stdout } = decode(...manifestFiles);
  t.equal(status, 0, stdout);
  for (const kind of ['ConfigMap', 'Deployment', 'Service', 'PersistentVolumeClaim', 'Job']) {
    t.match(stdout, new RegExp(`: ${kind} leakbed-`));
  }
});

test('what the server would refuse is refused', { skip }, async (t) => {
  const text = manifestFiles.map((file) => readFileSync(file, 'utf8')).join('\n---\n');
  const file = join(t.testdir(), 'broken.yaml');
  for (const [right, wrong, word] of [
    ['shareProcessNamespace:', 'shareProcessNamespaces:', /unknown field/],
    ['replicas: 2', 'replicas: two', /cannot unmarshal|unmarshal/],
    ['apiVersion: apps/v1', 'apiVersion: extensions/v1beta1', /no kind/],
    ['backoffLimit: 0', 'backoffLimit: 0\n  backoffLimit: 1', /already set|duplicate/],
    ['runAsNonRoot:', 'runAsNotRoot:', /unknown field/],
  ] as const) {
    t.ok(text.includes(right), right);
    writeFileSync(file, text.replace(right, wrong));
    const { status, stdout } = decode(file);
    t.equal(status, 1, wrong);
    t.match(stdout, word);
  }
});
