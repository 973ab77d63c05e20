// Toxiproxy's HTTP API, version 2: what its clients in every language speak.
// https://github.com/Shopify/toxiproxy#http-api

import type { FastifyInstance } from 'fastify';
import type { TcpProxy } from '../../injectors/tcp/proxy.ts';
import type { ToxicSpec } from '../../injectors/tcp/toxic.ts';
import { ApiError } from './api-error.ts';
import type { ProxyCollection } from './collection.ts';
import { proxyMetrics } from './metrics.ts';
import {
  type ProxyFields,
  parseBody,
  readProxies,
  readProxy,
  readToxic,
  readToxicChange,
} from './read-body.ts';

/** The release whose behaviour is followed. */
export const toxiproxyVersion = '2.12.0';

interface ProxyPath {
  readonly Params: { readonly proxy: string };
}
interface ToxicPath {
  readonly Params: { readonly proxy: string; readonly toxic: string };
}

export function mountRoutes(app: FastifyInstance, proxies: ProxyCollection): void {
  mountProxies(app, proxies);
  mountToxics(app, proxies);
  app.post('/reset', async (_, reply) => {
    await proxies.reset();
    return reply.code(204).send();
  });
  app.get('/version', (_, reply) =>
    reply.type('application/json;charset=utf-8').send(`{"version": "${toxiproxyVersion}"}\n`),
  );
  app.get('/metrics', async (_, reply) => {
    const { type, text } = await proxyMetrics(proxies.all);
    return reply.type(type).send(text);
  });
}

function mountProxies(app: FastifyInstance, proxies: ProxyCollection): void {
  app.get('/proxies', () =>
    Object.fromEntries(proxies.all.map((proxy) => [proxy.name, showProxy(proxy)])),
  );
  app.post('/proxies', async ({ body }, reply) => {
    const blank = { name: '', listen: '', upstream: '', enabled: true };
    const fields = readProxy(parseBody(body), blank);
    for (const name of ['name', 'upstream'] as const) {
      if (fields[name] === '') throw new ApiError('missing required field', name);
    }
    return reply.code(201).send(showProxy(await proxies.add(fields)));
  });
  app.get<ProxyPath>('/proxies/:proxy', ({ params }) => showProxy(proxies.get(params.proxy)));
  app.route<ProxyPath>({
    method: ['POST', 'PATCH'],
    url: '/proxies/:proxy',
    async handler({ params, body }) {
      const proxy = proxies.get(params.proxy);
      const wanted = readProxy(parseBody(body), fieldsOf(proxy));
      await proxy.update(wanted, wanted.enabled);
      return showProxy(proxy);
    },
  });
  app.delete<ProxyPath>('/proxies/:proxy', async ({ params }, reply) => {
    await proxies.remove(params.proxy);
    return reply.code(204).send();
  });
  app.post('/populate', async ({ body }, reply) => {
    const made: TcpProxy[] = [];
    try {
      for (const fields of readProxies(parseBody(body))) {
        made.push(await proxies.addOrReplace(fields));
      }
    } catch (error) {
      // What came before the one that failed stays, and is told of.
      const { status, ...refusal } = refusalOf(error);
      return reply.code(status).send({ ...refusal, status, proxies: showAll(made) });
    }
    return reply.code(201).send({ proxies: showAll(made) });
  });
}

function mountToxics(app: FastifyInstance, proxies: ProxyCollection): void {
  const find = ({ proxy: proxyName, toxic: name }: ToxicPath['Params']) => {
    const proxy = proxies.get(proxyName);
    const spec = proxy.toxics.find((toxic) => toxic.name === name);
    if (spec === undefined) throw new ApiError('toxic not found');
    return { proxy, spec };
  };
  app.get<ProxyPath>('/proxies/:proxy/toxics', ({ params }) =>
    proxies.get(params.proxy).toxics.map(showToxic),
  );
  app.post<ProxyPath>('/proxies/:proxy/toxics', ({ params, body }) => {
    const proxy = proxies.get(params.proxy);
    const spec = readToxic(parseBody(body));
    if (proxy.toxics.some(({ name }) => name === spec.name)) {
      throw new ApiError('toxic already exists');
    }
    proxy.addToxic(spec);
    return showToxic(spec);
  });
  const url = '/proxies/:proxy/toxics/:toxic';
  app.get<ToxicPath>(url, ({ params }) => showToxic(find(params).spec));
  app.route<ToxicPath>({
    method: ['POST', 'PATCH'],
    url,
    handler({ params, body }) {
      const { proxy, spec } = find(params);
      const changed = readToxicChange(parseBody(body), spec);
      proxy.updateToxic(changed);
      return showToxic(changed);
    },
  });
  app.delete<ToxicPath>(url, ({ params }, reply) => {
    const { proxy, spec } = find(params);
    proxy.removeToxic(spec.name);
    return reply.code(204).send();
  });
}

/** Whatever is not Toxiproxy's own error came from the operating system, and is told as it is. */
export function refusalOf(error: unknown): { readonly error: string; readonly status: number } {
  if (error instanceof ApiError) return { error: error.message, status: error.status };
  return { error: error instanceof Error ? error.message : String(error), status: 500 };
}

const fieldsOf = ({ name, listen, upstream, isEnabled }: TcpProxy): ProxyFields => ({
  name,
  listen,
  upstream,
  enabled: isEnabled,
});

/** A proxy as the API shows it. */
export const showProxy = (proxy: TcpProxy) => ({
  ...fieldsOf(proxy),
  toxics: proxy.toxics.map(showToxic),
});

const showAll = (proxies: readonly TcpProxy[]) => proxies.map(showProxy);

const showToxic = ({ attributes, name, type, stream, toxicity }: ToxicSpec) => ({
  attributes,
  name,
  type,
  stream,
  toxicity,
});
