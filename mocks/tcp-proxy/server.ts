// The TCP fault proxy as a server: any number of proxies, and Toxiproxy's HTTP API to drive them.

import type { AddressInfo } from 'node:net';
import fastify, { type FastifyError } from 'fastify';
import { freshSeed, seededRng, systemClock } from '../../injectors/determinism.ts';
import { printAddress } from '../../injectors/tcp/address.ts';
import { admission, tokenFor } from '../control/admission.ts';
import { createProxyCollection, type ProxyCollection } from './collection.ts';
import { mountRoutes, refusalOf } from './routes.ts';

export interface TcpProxyServerOptions {
  readonly host?: string | undefined;
  /** 0 picks a free port; Toxiproxy's is 8474. */
  readonly port?: number | undefined;
  readonly seed?: number | undefined;
  /** Required when `host` is not loopback; the API then asks for it. */
  readonly token?: string | undefined;
}

export interface TcpProxyServer extends AsyncDisposable {
  readonly url: string;
  readonly seed: number;
  readonly proxies: ProxyCollection;
  close(): Promise<void>;
}

const bodyLimitBytes = 1_048_576;

export async function startTcpProxyServer(
  options: TcpProxyServerOptions = {},
): Promise<TcpProxyServer> {
  const host = options.host ?? '127.0.0.1';
  const token = tokenFor('the API of the proxy', [host], options.token);
  const seed = options.seed ?? freshSeed();
  const proxies = createProxyCollection({ clock: systemClock, rng: seededRng(seed) });
  const app = fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: 15_000,
    // The names of proxies and toxics are theirs who make them.
    routerOptions: { maxParamLength: 8192 },
  });
  // Toxiproxy looks at no content type, and its older clients send text/plain.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_: unknown, body: unknown) => body);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-toxiproxy-request-id', request.id);
    // What Toxiproxy does against pages; admission does more.
    if (request.headers['user-agent']?.startsWith('Mozilla/')) {
      await reply.code(403).type('text/plain').send('User agent not allowed\n');
    }
  });
  app.addHook('onRequest', admission(token));
  app.setErrorHandler<FastifyError>((error, _, reply) => {
    const refusal = refusalOf(error);
    const status = error.statusCode ?? refusal.status;
    return reply.code(status).send({ ...refusal, status });
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).type('text/plain').send('404 page not found\n'),
  );
  mountRoutes(app, proxies);
  await app.listen({ host, port: options.port ?? 8474 });
  const { port } = app.server.address() as AddressInfo;
  const close = async () => {
    await proxies.clear();
    app.server.closeAllConnections();
    await app.close();
  };
  return {
    url: `http://${printAddress({ host, port })}`,
    seed,
    proxies,
    close,
    [Symbol.asyncDispose]: close,
  };
}
