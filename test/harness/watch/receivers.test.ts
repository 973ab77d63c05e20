import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'tap';
import { type DeliveryLimits, receiverOf } from '../../../harness/watch/receivers.ts';
import { buildAlert } from '../../fixtures/watched.ts';

const quick: DeliveryLimits = { tries: 3, limitMs: 2000, pauseMs: 5 };
const alert = buildAlert();

interface Heard {
  readonly url: string;
  readonly bodies: { readonly path: string; readonly body: unknown }[];
}

/** A real HTTP server that answers with these codes, the last one for ever. */
async function receiver(
  t: { teardown(end: () => unknown): void },
  codes: number[],
): Promise<Heard> {
  const bodies: { path: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    bodies.push({ path: request.url ?? '', body: JSON.parse(await text(request)) });
    response.writeHead(codes.length > 1 ? (codes.shift() ?? 200) : (codes[0] ?? 200)).end('so');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

test('a webhook gets the alert as JSON', async (t) => {
  const { url, bodies } = await receiver(t, [204]);
  await receiverOf(`${url}/hook`, quick).deliver(alert);
  t.strictSame(bodies, [{ path: '/hook', body: alert }]);
});

test('a webhook that fails is tried again, and a few times only', async (t) => {
  const once = await receiver(t, [500, 200]);
  await receiverOf(`${once.url}/`, quick).deliver(alert);
  t.equal(once.bodies.length, 2);
  const never = await receiver(t, [503]);
  await t.rejects(receiverOf(`${never.url}/`, quick).deliver(alert), /status 503: so/);
  t.equal(never.bodies.length, quick.tries);
});

test('an Alertmanager gets its own form, with labels that do not change', async (t) => {
  const { url, bodies } = await receiver(t, [200]);
  const manager = receiverOf(`${url}/api/v2/alerts`, quick);
  t.equal(manager.kind, 'alertmanager');
  await manager.deliver(alert);
  const endsAt = '2026-01-01T01:00:00.000Z';
  await manager.deliver({ ...alert, status: 'resolved', memoryBytes: 1, endsAt });
  const [first, last] = bodies.map(({ body }) => (body as Record<string, unknown>[])[0]);
  t.match(first, { labels: { alertname: 'LeakbedTargetLeaks', target: 'gateway' } });
  t.strictSame(last?.labels, first?.labels);
  t.equal(first?.endsAt, undefined);
  t.equal(last?.endsAt, endsAt);
  t.match(first, { annotations: { suspect: 'remember (app.mjs:7)' } });
});

test('a command reads the alert from its standard input', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-receivers-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await receiverOf(`cat > ${folder}/alert.json`, quick).deliver(alert);
  t.strictSame(JSON.parse(await readFile(`${folder}/alert.json`, 'utf8')), alert);
});

test('a command that fails, or does not end, is told of', async (t) => {
  await t.rejects(receiverOf('exit 3', quick).deliver(alert), /exit code 3/);
  const brief = { tries: 1, limitMs: 100, pauseMs: 1 };
  await t.rejects(receiverOf('exec sleep 60', brief).deliver(alert), /still ran after 100 ms/);
});

test('a command that does not read what it is told is no failure', async (t) => {
  const long = { ...alert, reason: 'x'.repeat(2_000_000) };
  await t.resolves(receiverOf('true', quick).deliver(long));
});
