// REST requests over HTTP/1.1 and HTTP/2: from fastify's request to a provider's operation.

import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerRequest } from './answer.ts';
import type { Door } from './auth/door.ts';
import type { SignedRequest } from './auth/signed-request.ts';
import { createEventVerifier } from './auth/sigv4-events.ts';
import { answerSession } from './duplex.ts';
import { graceFor } from './hasty-client.ts';
import { type Intake, providerOfPath, providerOfService } from './intake.ts';
import { socketUnder } from './listen.ts';
import { type ApiRequest, type ErrorAnswer, type Provider, ProviderError } from './provider.ts';
import type { Exchange, SpellError } from './transport/exchange.ts';
import { http1Exchange } from './transport/http1.ts';
import { http2Exchange } from './transport/http2.ts';

/**
 * Every path that is not the control plane's is rewritten to this one: the router would refuse
 * what only a provider can judge, a stray percent sign or a very long model id.
 */
export const restRoute = '/';

const eventStreamType = 'application/vnd.amazon.eventstream';
const signedEvents = 'STREAMING-AWS4-HMAC-SHA256-EVENTS';

const noBody = Buffer.alloc(0);

export function mountRest(app: FastifyInstance, intake: Intake, door: Door): void {
  app.register(async (rest) => {
    // Signatures and protobuf need the bytes as sent, so nothing is parsed here.
    rest.removeAllContentTypeParsers();
    rest.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    // A stream of events is answered while it comes, so it is handed on unread.
    rest.addContentTypeParser(eventStreamType, (_, payload, done) => done(null, payload));
    rest.addHook('onRequest', async ({ raw: { headers } }) => {
      // The AWS SDK for Go names no type for a stream of events, only how it is signed.
      if (headers['x-amz-content-sha256'] === signedEvents) {
        headers['content-type'] ??= eventStreamType;
      }
    });
    rest.all(restRoute, (request, reply) => receive(request, reply, intake, door));
    rest.setErrorHandler<FastifyError>((error, request, reply) =>
      refuse(error, request, reply, intake),
    );
  });
}

function receive(request: FastifyRequest, reply: FastifyReply, intake: Intake, door: Door): void {
  const identity = door.identity(signedRequest(request), intake.refusedId);
  if (identity !== undefined) {
    reply.code(identity.status).headers(identity.headers).send(identity.body);
    return;
  }
  const [path = '/', ...query] = request.originalUrl.split('?');
  const found = providerOfPath(path);
  if (found === undefined) {
    // A gRPC method, asked for with another content type than gRPC's (PROTOCOL-HTTP2.md, Requests).
    const isCall = providerOfService(path.split('/')[1] ?? '') !== undefined;
    const message = `leakbed fakes no such endpoint: ${request.method} ${path}`;
    reply.code(isCall ? 415 : 404).send({ message });
    return;
  }
  const raw = reply.raw as ServerResponse | Http2ServerResponse;
  reply.hijack();
  const begin = () => answer(raw, request, { path, query, ...found }, intake, door);
  const waitMs = 'stream' in raw ? 0 : graceFor(request.headers);
  if (waitMs > 0) {
    intake.clock.after(waitMs, begin);
    return;
  }
  // A pipelined request waits until the answers before it are out and the socket is its own.
  if ('stream' in raw || raw.socket !== null) begin();
  else raw.once('socket', () => setImmediate(begin));
}

interface Target {
  readonly path: string;
  readonly query: readonly string[];
  readonly provider: Provider;
  readonly rawPath: string;
}

function answer(
  raw: ServerResponse | Http2ServerResponse,
  request: FastifyRequest,
  { path, query, provider, rawPath }: Target,
  intake: Intake,
  door: Door,
): void {
  const socket = 'stream' in raw ? socketUnder(raw.stream) : raw.socket;
  // The client left while its request was being read.
  if (socket === undefined || socket === null || socket.destroyed) return;
  const admission = intake.admit(socket);
  const apiRequest: ApiRequest = {
    method: request.method,
    rawPath,
    query: new URLSearchParams(query.join('?')),
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : noBody,
    transport: 'stream' in raw ? 'http2' : 'http1',
    requestId: admission.requestId,
    memory: intake.memory,
    gate: intake.gate,
  };
  const signed = signedRequest(request);
  const incoming = request.body instanceof Readable ? request.body : undefined;
  // A stream can outlive its request by far, so neither we nor fastify may keep the body for it.
  request.body = undefined;
  const bodiless = { ...apiRequest, body: noBody };
  const routed = provider.route(apiRequest);
  const asked = { operation: routed?.name, rawPath, requestId: admission.requestId };
  const passage = routed && door.pass(provider.name, signed, asked);
  const exchange = exchangeOf(
    raw,
    socket,
    (name, message, hints) =>
      passage?.refusal ?? provider.errorAnswer(name, message, bodiless, hints),
  );
  const context = admission.contextFor(provider);
  if (routed?.open !== undefined && passage?.refusal === undefined) {
    const verify = passage?.events && createEventVerifier(passage.events);
    const { name, open } = routed;
    const stream = incoming ?? Readable.from([apiRequest.body]);
    answerSession(bodiless, { name, open: () => open(verify) }, stream, exchange, context);
    return;
  }
  incoming?.resume();
  if (routed === undefined) exchange.fail('unknown-operation', `${request.method} ${path}`);
  else if (passage?.refusal === undefined) answerRequest(apiRequest, routed, exchange, context);
  else answerRequest(apiRequest, { name: routed.name, read: refusing }, exchange, context);
}

/** Stands in for an operation that the door has already answered; only the journal reads this. */
function refusing(): never {
  throw new ProviderError('access-denied', 'The credentials were refused.');
}

/** Everything a signature covers; over HTTP/2 the pseudo-headers are among the headers. */
function signedRequest({ raw, method, originalUrl, body }: FastifyRequest): SignedRequest {
  return {
    method,
    target: originalUrl,
    rawHeaders: raw.rawHeaders,
    body: Buffer.isBuffer(body) ? body : noBody,
  };
}

/** What fastify refuses, a body that is too large for instance, in the provider's own shape. */
function refuse(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  intake: Intake,
): FastifyReply {
  // The rest of the body is read and dropped: closing now would reset the connection, and the
  // client would see that instead of the answer.
  request.raw.resume();
  reply.removeHeader('connection');
  const status = error.statusCode ?? 500;
  const found = providerOfPath(request.originalUrl.split('?')[0] ?? '/');
  if (found === undefined) return reply.code(status).send({ message: error.message });
  const facts = {
    method: request.method,
    rawPath: found.rawPath,
    query: new URLSearchParams(),
    headers: request.headers,
    body: noBody,
    transport: 'http1',
    requestId: intake.refusedId(),
    memory: intake.memory,
  } as const;
  const name = status < 500 ? 'validation' : 'internal';
  const { headers, body } = found.provider.errorAnswer(name, error.message, facts);
  return reply.code(status).headers(headers).send(body);
}

function exchangeOf(
  raw: ServerResponse | Http2ServerResponse,
  socket: Socket,
  errorAnswer: SpellError<ErrorAnswer>,
): Exchange {
  return 'stream' in raw
    ? http2Exchange(raw.stream, socket, errorAnswer)
    : http1Exchange(raw, errorAnswer);
}
