// `docs`: what the control plane can do, as OpenAPI 3.1, and the same as a page for browsers.

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'leakbed control plane',
    description:
      'Fault plan, journal, switches and live state of the fake providers. On loopback nothing is ' +
      'asked; elsewhere every request needs the bearer token of LEAKBED_TOKEN.',
    version: '1',
  },
} as const;

type Operation = { readonly summary?: string };

/** Register before the routes it describes. */
export async function mountDocs(control: FastifyInstance): Promise<void> {
  await control.register(swagger, { openapi });
  control.get('/docs', { schema: { hide: true } }, (request, reply) => {
    const document = control.swagger();
    const wantsPage = request.headers.accept?.includes('text/html') === true;
    if (!wantsPage) return reply.send(document);
    const rows = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item ?? {}).map(([method, operation]) =>
        row(method, path, (operation as Operation).summary ?? ''),
      ),
    );
    return reply.type('text/html; charset=utf-8').send(page(rows.join('\n')));
  });
}

function row(method: string, path: string, summary: string): string {
  return `<tr><td>${method.toUpperCase()}</td><td><code>${path}</code></td><td>${summary}</td></tr>`;
}

function page(rows: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>leakbed control plane</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top }
</style><h1>leakbed control plane</h1>
<p>${openapi.info.description}</p>
<p>The same to look at and to turn: the <a href="./">dashboard</a>.</p>
<table><thead><tr><th>Method<th>Path<th>Does</tr></thead><tbody>${rows}</tbody></table>
<p>The same as <a href="docs" type="application/json">OpenAPI 3.1</a>: ask without
<code>text/html</code> in <code>Accept</code>.</p></html>`;
}
