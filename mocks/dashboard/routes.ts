// Serves the dashboard's files under the control plane. They hold no secret, so they are there
// without the token: a browser could not send it when it opens a page. The page asks for it.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { asset } from './assets.ts';

/**
 * Only our own files run, and only our own server is spoken to; nobody may put the page in a frame.
 * CSP level 3: https://www.w3.org/TR/CSP3/.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // The files of another version of leakbed have the same names.
  'cache-control': 'no-cache',
};

export function mountDashboard(app: FastifyInstance, prefix: string): void {
  const schema = { hide: true };
  app.get('/', { schema }, (request, reply) => {
    // Without the slash the page's own links would lead elsewhere.
    const isFolder = request.originalUrl.split('?')[0]?.endsWith('/') === true;
    return isFolder ? send(reply, 'index.html') : reply.redirect(`${prefix}/`);
  });
  app.get<{ Params: { name: string } }>('/page/:name', { schema }, ({ params }, reply) =>
    send(reply, params.name),
  );
}

function send(reply: FastifyReply, name: string): FastifyReply {
  const found = asset(name);
  if (found === undefined) return reply.code(404).send({ error: 'Cannot find that file.' });
  return reply.headers(headers).type(found.type).send(found.body);
}
