// gRPC requests: one message in, then the same answering path as REST. Streams of messages from
// the client (bidirectional calls) are not read here.

import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { answerRequest } from './answer.ts';
import { grpcUnframer } from './codec/grpc.ts';
import { type Intake, providerOfService } from './intake.ts';
import { socketUnder } from './listen.ts';
import { ProviderError } from './provider.ts';
import { grpcExchange } from './transport/grpc.ts';

const messageLimitBytes = 64 * 1024 * 1024;
const unimplemented = 12;

export async function receiveGrpc(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  intake: Intake,
): Promise<void> {
  const socket = socketUnder(stream);
  if (socket === undefined) return;
  const rawPath = String(headers[':path'] ?? '');
  const provider = providerOfService(rawPath.split('/')[1] ?? '');
  const message = `unknown method ${rawPath}`;
  const exchange = grpcExchange(
    stream,
    socket,
    (name, text) => provider?.grpcStatus?.(name, text) ?? { code: unimplemented, message },
  );
  const body = await readMessage(stream).catch((error: unknown) => error);
  if (stream.destroyed) return;
  if (!Buffer.isBuffer(body)) {
    const name = body instanceof ProviderError ? body.code : 'internal';
    exchange.fail(name, body instanceof Error ? body.message : String(body));
    return;
  }
  const admission = intake.admit(socket);
  const request = {
    method: 'POST',
    rawPath,
    query: new URLSearchParams(),
    headers,
    body,
    transport: 'grpc',
    requestId: admission.requestId,
  } as const;
  const routed = provider?.route(request);
  if (provider === undefined || routed === undefined) exchange.fail('unknown-operation', message);
  else answerRequest(request, routed, exchange, admission.contextFor(provider));
}

/** The first message; later ones are ignored, as a unary or server-streaming method does. */
async function readMessage(stream: ServerHttp2Stream): Promise<Buffer> {
  const unframer = grpcUnframer(messageLimitBytes);
  let first: Buffer | undefined;
  for await (const chunk of stream) first ??= unframer.push(chunk as Buffer)[0];
  if (first === undefined) {
    unframer.end();
    throw new ProviderError('INTERNAL', 'Cannot answer: the call ended without a request message.');
  }
  return first;
}
