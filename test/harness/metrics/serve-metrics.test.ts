// The page for Prometheus over HTTP: who may read it, and where it may be.

import { Gauge, Registry } from 'prom-client';
import { type Test, test } from 'tap';
import { type MetricsOptions, serveMetrics } from '../../../harness/metrics/serve-metrics.ts';

async function served(t: Test, options: Partial<MetricsOptions> = {}) {
  const registry = new Registry();
  new Gauge({ name: 'answer', help: 'Known.', registers: [registry] }).set(42);
  const server = await serveMetrics({ port: 0, registry, ...options });
  t.teardown(() => server[Symbol.asyncDispose]());
  return server;
}

test('a scrape gets the registry as Prometheus wants it, and is counted', async (t) => {
  const server = await served(t);
  t.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/, 'loopback unless named');
  t.equal(server.scrapeCount, 0);
  const answer = await fetch(server.url);
  t.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  t.match(await answer.text(), /^answer 42$/m);
  t.equal(server.scrapeCount, 1);
});

test('a page of another origin is refused and is no scrape', async (t) => {
  const server = await served(t);
  const answer = await fetch(server.url, { headers: { origin: 'http://evil.test' } });
  t.equal(answer.status, 403);
  t.equal(server.scrapeCount, 0);
});

test('off loopback a token is needed, to open the page and to read it', async (t) => {
  await t.rejects(served(t, { host: '0.0.0.0' }), /needs a token/);
  const server = await served(t, { host: '0.0.0.0', token: 'secret' });
  const url = server.url.replace('0.0.0.0', '127.0.0.1');
  t.equal((await fetch(url)).status, 401);
  const headers = { authorization: 'Bearer secret' };
  t.equal((await fetch(url, { headers })).status, 200);
});

test('once closed nobody is served, though a scraper kept its connection', async (t) => {
  const server = await served(t);
  await (await fetch(server.url)).text();
  await server[Symbol.asyncDispose]();
  await t.rejects(fetch(server.url));
});
