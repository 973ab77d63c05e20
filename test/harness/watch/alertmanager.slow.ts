// A real Alertmanager of Debian takes what a watch sends: one alert that fires, is told again and
// ends. Skipped by name where its package can neither be found nor fetched.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { receiverOf } from '../../../harness/watch/receivers.ts';
import { unpackDebian } from '../../fixtures/debian-package.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { until } from '../../fixtures/reference-gateway.ts';
import { buildAlert } from '../../fixtures/watched.ts';

type Found = { readonly command: readonly [string, ...string[]] } | { readonly reason: string };

async function findAlertmanager(): Promise<Found> {
  const name = 'prometheus-alertmanager';
  if (spawnSync(name, ['--version']).status === 0) return { command: [name] };
  const unpacked = await unpackDebian(name, [name], `usr/bin/${name}`);
  if ('reason' in unpacked) return unpacked;
  // Debian's reads a template below /usr/share, which is put there for this process alone.
  const { folder } = unpacked;
  const script = 'mount --bind "$0/usr/share" /usr/share && exec "$0/usr/bin/$@"';
  const inside = ['--mount', '--map-root-user', 'sh', '-c', script, folder] as const;
  const isAllowed = spawnSync('unshare', [...inside, `${name}`, '--version']).status === 0;
  if (isAllowed) return { command: ['unshare', ...inside, name] };
  return { reason: `${name} is not installed, and cannot be run from its package here` };
}

const found = await findAlertmanager();
const skip = 'reason' in found ? found.reason : false;

interface Told {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string };
  readonly startsAt: string;
}

test('Alertmanager takes an alert, knows it again, and lets it end', { skip }, async (t) => {
  if ('reason' in found) return;
  const folder = mkdtempSync(join(tmpdir(), 'leakbed-alertmanager-'));
  const config = { route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const url = `http://127.0.0.1:${await freePort()}`;
  const [file, ...words] = found.command;
  const child = spawn(
    file,
    [
      ...words,
      `--config.file=${join(folder, 'config.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  const alerts = async (): Promise<readonly Told[]> =>
    (await fetch(`${url}/api/v2/alerts`)).json() as Promise<readonly Told[]>;
  t.ok(await until(() => alerts().then(Array.isArray, () => false)), 'it starts');

  const receiver = receiverOf(`${url}/api/v2/alerts`);
  const alert = buildAlert({ startsAt: new Date().toISOString() });
  await receiver.deliver(alert);
  await receiver.deliver({ ...alert, memoryBytes: 1, reason: 'gateway still leaks.' });
  t.ok(
    await until(
      async () => (await alerts())[0]?.annotations.description === 'gateway still leaks.',
    ),
  );
  const [told, ...others] = await alerts();
  t.strictSame(others, [], 'told twice, it is one alert');
  t.match(told, {
    labels: { alertname: 'LeakbedTargetLeaks', target: 'gateway', channel: 'anon' },
    annotations: { suspect: 'remember (app.mjs:7)' },
    startsAt: alert.startsAt,
  });
  await receiver.deliver({ ...alert, status: 'resolved', endsAt: new Date().toISOString() });
  t.ok(await until(async () => (await alerts()).length === 0), 'it is over');
});
