// The same bytes from fastify: an answer that was recorded is read from a file once, and sent again
// for every request. What a server of HTTP in Node costs without making anything.
//   node fastify-cached.ts FILE CONTENT-TYPE

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

const [file = '', type = ''] = process.argv.slice(2);
const body = readFileSync(file);
const app = fastify({ logger: false });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, bytes, done) => done(null, bytes));
app.post('/*', (_, reply) => reply.header('content-type', type).send(body));
await app.listen({ port: 0, host: '127.0.0.1' });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ port })}\n`);
