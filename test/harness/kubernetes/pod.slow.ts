// The Job of run.yaml as its pod would be, in Docker, for there is no cluster here: one network
// and one PID namespace for all, the sidecars in order and each until its start-up probe passes,
// then the harness; users, rights, limits, variables and volumes as written. It needs the image
// of compose.yaml (docker compose build).

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { t as root, type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import { freshOut } from '../../fixtures/command-line.ts';
import { docker, withoutImage } from '../../fixtures/docker.ts';
import { type Container, podsOf, readManifests } from '../../fixtures/manifests.ts';

root.setTimeout(600_000);
const skip = withoutImage('leakbed:local');
const secret = 'token-of-this-test';

/** What a node would make of the pod: its pause container, whose namespaces the others join. */
function openPod(t: Test) {
  const pause = `leakbed-pod-${process.pid}`;
  // No network but loopback: what is in one pod must need no other.
  docker('run', '-d', '--network', 'none', '--name', pause, 'debian:bookworm-slim', 'sleep', '900');
  docker('volume', 'create', pause);
  docker(
    'run',
    '--rm',
    '-v',
    `${pause}:/tmp/shared`,
    'debian:bookworm-slim',
    'chmod',
    '1777',
    '/tmp/shared',
  );
  t.teardown(() => {
    docker('rm', '-f', pause);
    docker('volume', 'rm', '-f', pause);
  });
  return pause;
}

/** The words of `docker run` that hold a container as the manifest does. */
function held(container: Container, pause: string, runs: string): readonly string[] {
  const { args = [], env = [], image, resources, securityContext } = container;
  const memory = resources?.limits?.memory?.replace('i', '').toLowerCase() ?? '';
  return [
    ...['--network', `container:${pause}`, '--pid', `container:${pause}`],
    ...['--user', '1000:1000', '--memory', memory],
    ...(securityContext?.readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...(securityContext?.capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...['--security-opt', 'no-new-privileges', '-v', `${pause}:/tmp`, '-v', `${runs}:/runs`],
    ...env.flatMap(({ name, value = secret }) => ['-e', `${name}=${value}`]),
    ...[image, ...args],
  ];
}

async function untilStarted(name: string, { startupProbe }: Container): Promise<void> {
  const { exec, failureThreshold = 3 } = startupProbe ?? {};
  for (let tries = 0; tries < failureThreshold; tries++) {
    const passes = await promisify(execFile)('docker', [
      'exec',
      name,
      ...(exec?.command ?? []),
    ]).then(
      () => true,
      () => false,
    );
    if (passes) return;
    await sleep(1_000);
  }
  throw new Error(`The start-up probe of ${name} does not pass: ${docker('logs', name)}`);
}

test('the pod of the Job judges its gateway, and its report is in the volume', {
  skip,
}, async (t) => {
  const pod = podsOf(readManifests()).find(({ initContainers }) => initContainers !== undefined);
  if (pod === undefined) throw new Error('No pod has sidecars.');
  const pause = openPod(t);
  const runs = await freshOut(t);
  docker(
    'run',
    '--rm',
    '-v',
    `${runs}:/runs`,
    'debian:bookworm-slim',
    'chown',
    '1000:1000',
    '/runs',
  );
  for (const container of pod.initContainers ?? []) {
    const name = `${pause}-${container.name}`;
    docker('run', '-d', '--name', name, ...held(container, pause, runs));
    t.teardown(() => docker('rm', '-f', name));
    await untilStarted(name, container);
  }
  const [harness] = pod.containers;
  if (harness === undefined) throw new Error('The pod has no container.');
  const words = ['run', '--rm', '--name', `${pause}-harness`, ...held(harness, pause, runs)];
  const ended = await promisify(execFile)('docker', words, { timeout: 400_000 }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
  t.equal(ended.code, 0, ended.stderr.slice(-1500));
  const folders = readdirSync(runs).filter((name) => /^\d{4}-/.test(name));
  t.ok(folders.length > 0);
  for (const folder of folders) {
    const verdict = JSON.parse(readFileSync(join(runs, folder, 'verdict.json'), 'utf8'));
    t.equal(verdict.outcome, 'pass', verdict.reason);
    const metrics = verdict.resources.map(({ metric }: { metric: string }) => metric);
    t.ok(metrics.includes('heapBytes'), 'the harness looked into the gateway');
  }
});
