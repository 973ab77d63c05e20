// A handler as a unit of work: what it is asked, and what counts as a failed call.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'tap';
import { requestsTo, type UnitContext } from '../../../harness/api/index.ts';

const context = {} as UnitContext;

test('each call is one request to one server, its answer read to the end', async (t) => {
  const seen: unknown[] = [];
  const ports = new Set<number | undefined>();
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    ports.add(request.socket.localPort);
    seen.push([request.method, request.url, request.headers['x-own']]);
    response.end('x'.repeat(100_000));
  };
  const headers = { 'x-own': 'yes' };
  const unit = requestsTo(handler, { method: 'POST', path: '/chat', headers, body: '{}' });
  await unit(context);
  await unit(context);
  t.strictSame(seen, Array(2).fill(['POST', '/chat', 'yes']));
  t.equal(ports.size, 1);
});

for (const [status, mayFail, fails] of [
  [404, false, false],
  [500, false, true],
  [500, true, false],
] as const) {
  test(`status ${status} ${fails ? 'fails' : 'is no failure'}${mayFail ? ' where it may' : ''}`, async (t) => {
    const handler = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status).end();
    };
    const called = Promise.resolve(requestsTo(handler, { path: '/a', mayFail })(context));
    if (fails) await t.rejects(called, { message: 'The handler answered /a with 500.' });
    else await t.resolves(called);
  });
}
