// REST requests over HTTP/1.1 and HTTP/2: from fastify's request to a provider's operation.

import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerRequest } from './answer.ts';
import { type Intake, providerOfPath } from './intake.ts';
import { socketUnder } from './listen.ts';
import type { ApiRequest, ErrorAnswer } from './provider.ts';
import type { Exchange } from './transport/exchange.ts';
import { http1Exchange } from './transport/http1.ts';
import { http2Exchange } from './transport/http2.ts';

export function mountRest(app: FastifyInstance, intake: Intake): void {
  app.register(async (rest) => {
    // Signatures and protobuf need the bytes as sent, so nothing is parsed here.
    rest.removeAllContentTypeParsers();
    rest.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    rest.all('/*', (request, reply) => receive(request, reply, intake));
  });
}

function receive(request: FastifyRequest, reply: FastifyReply, intake: Intake): void {
  const [path = '/', ...query] = (request.raw.url ?? '/').split('?');
  const found = providerOfPath(path);
  if (found === undefined) {
    reply.code(404).send({ message: `leakbed fakes no such endpoint: ${request.method} ${path}` });
    return;
  }
  const raw = reply.raw as ServerResponse | Http2ServerResponse;
  const socket = 'stream' in raw ? socketUnder(raw.stream) : raw.socket;
  reply.hijack();
  // The client left while its request was being read.
  if (socket === undefined || socket === null) return;
  const { provider, rawPath } = found;
  const admission = intake.admit(socket);
  const apiRequest: ApiRequest = {
    method: request.method,
    rawPath,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    transport: 'stream' in raw ? 'http2' : 'http1',
    requestId: admission.requestId,
  };
  const exchange = exchangeOf(raw, socket, (name, message) =>
    provider.errorAnswer(name, message, apiRequest),
  );
  const routed = provider.route(apiRequest);
  if (routed === undefined) exchange.fail('unknown-operation', `${request.method} ${path}`);
  else answerRequest(apiRequest, routed, exchange, admission.contextFor(provider));
}

function exchangeOf(
  raw: ServerResponse | Http2ServerResponse,
  socket: Socket,
  errorAnswer: (name: string, message: string) => ErrorAnswer,
): Exchange {
  return 'stream' in raw
    ? http2Exchange(raw.stream, socket, errorAnswer)
    : http1Exchange(raw, errorAnswer);
}
