// `GET /metrics`: a registry of prom-client over HTTP, for a Prometheus to scrape while a
// command works. The rules of the fakes' control plane hold here too: on loopback no page of
// another origin, elsewhere a token. Used by `leakbed run`, `matrix` and `watch`.

import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Registry } from 'prom-client';
import { printAddress } from '../../injectors/tcp/address.ts';
import { admission, tokenFor } from '../../mocks/control/admission.ts';

export interface MetricsOptions {
  /** Loopback unless named. */
  readonly host?: string | undefined;
  /** 0 picks a free port. */
  readonly port: number;
  /** Required where `host` is not loopback; `Authorization: Bearer` is then asked for. */
  readonly token?: string | undefined;
  readonly registry: Registry;
}

export interface MetricsServer extends AsyncDisposable {
  /** The page itself: http://127.0.0.1:9464/metrics. */
  readonly url: string;
  /** Pages served so far. */
  readonly scrapeCount: number;
}

/** Rejects when the address cannot be had, or is open to others and there is no token. */
export async function serveMetrics(options: MetricsOptions): Promise<MetricsServer> {
  const { host = '127.0.0.1', registry } = options;
  const token = tokenFor('the metrics page', [host], options.token);
  let scrapeCount = 0;
  const app = fastify({ logger: false, requestTimeout: 15_000 });
  app.addHook('onRequest', admission(token));
  app.get('/metrics', async (_, reply) => {
    const text = await registry.metrics();
    scrapeCount += 1;
    return reply.type(registry.contentType).send(text);
  });
  app.get('/health', () => ({ status: 'ok' }));
  await app.listen({ host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${printAddress({ host, port })}/metrics`,
    get scrapeCount() {
      return scrapeCount;
    },
    async [Symbol.asyncDispose]() {
      // A scraper keeps its connection alive, and would keep the process too.
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
