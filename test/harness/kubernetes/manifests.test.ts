// What the manifests promise: nothing runs as root or unbounded, the gateway is told what
// compose.yaml tells it, and leakbed understands every word. Their schema is schema.slow.ts.

import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { parse } from 'yaml';
import { mocksCommand } from '../../../harness/cli/mocks.ts';
import { runCommand } from '../../../harness/cli/run.ts';
import { watchCommand } from '../../../harness/cli/watch.ts';
import { startMocks } from '../../../mocks/server.ts';
import { containersOf, podsOf, readManifests } from '../../fixtures/manifests.ts';

const manifests = readManifests();
const pods = podsOf(manifests);
const containers = pods.flatMap(containersOf);

test('no container is root, writes to its image, has rights or memory without a limit', async (t) => {
  t.ok(containers.length > 3);
  // A sidecar says it of itself: the pod is somebody else's.
  for (const { securityContext: ofPod, ...pod } of pods) {
    for (const { name, securityContext } of containersOf(pod)) {
      const { runAsNonRoot, runAsUser } = { ...ofPod, ...securityContext };
      t.strictSame([runAsNonRoot, runAsUser], [true, 1000], name);
    }
  }
  for (const { name, securityContext, resources } of containers) {
    t.equal(securityContext?.readOnlyRootFilesystem, true, name);
    t.equal(securityContext?.allowPrivilegeEscalation, false, name);
    t.same(securityContext?.capabilities?.drop, ['ALL'], name);
    t.match(resources?.limits?.memory, /^\d+[MG]i$/, name);
  }
});

test('every word after leakbed is one that its commands know', async (t) => {
  for (const { name, args = [] } of containers) {
    const [command, ...words] = args;
    if (command === undefined) continue;
    const known = { mocks: mocksCommand([]), run: runCommand([]), watch: watchCommand() }[command];
    t.ok(known, `${name}: ${command}`);
    const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
    const options = known?.options.map(({ long }) => long) ?? [];
    t.same(
      flags.filter((flag) => !options.includes(flag)),
      [],
      name,
    );
  }
});

test('the gateway of the Job has what the gateway of compose.yaml has', async (t) => {
  const file = new URL('../../../compose.yaml', import.meta.url);
  const compose = parse(readFileSync(file, 'utf8'), { merge: true });
  const told = Object.keys(compose.services.gateway.environment);
  const gateway = containers.find(({ name }) => name === 'gateway');
  const given = gateway?.env?.map(({ name }) => name) ?? [];
  // A leak is planted, and a token asked for, in the test bed only.
  t.same(told.filter((name) => !given.includes(name)).sort(), ['LEAKBED_LEAK', 'LEAKBED_TOKEN']);
});

test('the harness of the Job sees the processes of its pod', async (t) => {
  const [pod] = pods.filter(({ containers: main }) => main[0]?.name === 'harness');
  t.equal(pod?.shareProcessNamespace, true);
  t.same(
    pod?.initContainers?.map(({ name }) => name),
    ['mocks', 'gateway'],
  );
});

test('the plan that replicas begin with is one that the fakes take', async (t) => {
  const text = manifests.find(({ data }) => data !== undefined)?.data?.['plan.json'] ?? '';
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${mocks.url}/__leakbed/plan`, { method: 'PUT', headers, body: text });
  t.equal(answer.status, 200, await answer.text());
});
