// What the images and compose.yaml promise, as far as it can be read: one image for every
// architecture, and no service that is root, writable, unbounded or silent about its health.
// That it is so in running containers is test/e2e/compose.sh.

import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'tap';
import { parse } from 'yaml';

const top = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), 'utf8');

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
}

interface Service {
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly mem_limit?: string;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: object;
}

const packages: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
const services: Readonly<Record<string, Service>> = parse(read('compose.yaml'), {
  merge: true,
}).services;
const dockerfiles = readdirSync(new URL('harness/container/', top)).filter((name) =>
  name.endsWith('Dockerfile'),
);

test('no package of the image is of one architecture, and Node itself is there for both', async (t) => {
  const shipped = Object.entries(packages).filter(([, { dev, optional }]) => !dev && !optional);
  t.ok(shipped.length > 50, `${shipped.length} packages`);
  t.same(
    shipped.filter(([, { cpu, os }]) => cpu ?? os).map(([name]) => name),
    [],
  );
  for (const arch of ['x64', 'arm64']) {
    t.equal(packages[`node_modules/node-linux-${arch}`]?.optional, true, arch);
  }
});

test('no Dockerfile names an architecture or fetches a binary, and none ends as root', async (t) => {
  t.ok(dockerfiles.length > 2);
  for (const name of dockerfiles) {
    const lines = read(`harness/container/${name}`)
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    t.notMatch(lines.join('\n'), /amd64|arm64|x86_64|aarch64|x64|curl|wget/, name);
    t.equal(
      lines.findLast((line) => line.startsWith('USER ')),
      'USER 1000:1000',
      name,
    );
  }
});

test('every service is confined; only the one that hands over ./runs begins as root', async (t) => {
  for (const [name, service] of Object.entries(services)) {
    const { user = '', entrypoint = [] } = service;
    const isHarness = entrypoint.includes('harness/container/own-runs.sh');
    t.equal(service.read_only, true, `${name} cannot be written to`);
    t.same(service.cap_drop, ['ALL'], `${name} has no rights`);
    t.match(service.mem_limit, /\d+[mg]/, `${name} has a limit of memory`);
    t.equal(/^(?:0|root)?(?::|$)/.test(user), isHarness, `${name} runs as ${user}`);
    const tellsHealth = service.healthcheck !== undefined || isGateway(service);
    t.ok(tellsHealth, `${name} tells of its health`);
  }
});

test('one variable names the image of every gateway, and nothing else does', async (t) => {
  const gateways = Object.entries(services).filter(([, service]) => isGateway(service));
  t.same(
    gateways.map(([name]) => name),
    ['gateway', 'transparent-gateway', 'postgres-gateway'],
  );
  for (const [name, { entrypoint }] of gateways) {
    t.equal(entrypoint, undefined, `${name} starts as its image says`);
  }
});

const isGateway = ({ image = '' }: Service) => image.includes('LEAKBED_GATEWAY_IMAGE');
