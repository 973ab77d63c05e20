// A handler of node:http as a unit of work: one request as a client sends it, its answer read to
// the end. The server is made with the first call and stays, as in the service it is from.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UnitOfWork } from './unit.ts';

export interface HandlerRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** An answer from 500 up is no failed call: the faults are meant to bring it about. */
  readonly mayFail?: boolean;
}

/**
 * What a module exports to have its handler measured.
 *
 *   export default requestsTo(handler, { method: 'POST', path: '/chat', body: '{}' });
 */
export function requestsTo(handler: RequestListener, request: HandlerRequest = {}): UnitOfWork {
  const { path = '/', mayFail = false, ...init } = request;
  let origin: Promise<string> | undefined;
  return async () => {
    origin ??= serve(handler);
    const answer = await fetch(`${await origin}${path}`, init);
    await answer.arrayBuffer();
    if (answer.status < 500 || mayFail) return;
    throw new Error(`The handler answered ${path} with ${answer.status}.`);
  };
}

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It serves this process alone, which must be able to end.
  server.on('connection', (socket) => socket.unref()).unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
