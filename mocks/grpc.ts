// gRPC requests: a message in, then the same answering path as REST; a bidirectional call is a
// session whose every message is answered in turn. Deadlines hold for both.

import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { answerRequest } from './answer.ts';
import { encodingOf, grpcMessageLimitBytes, grpcUnframer } from './codec/grpc.ts';
import { answerSession } from './duplex.ts';
import { type Intake, providerOfService } from './intake.ts';
import { socketUnder } from './listen.ts';
import { type ApiRequest, ProviderError } from './provider.ts';
import { grpcTimeoutMs, withDeadline } from './transport/deadline.ts';
import { grpcExchange } from './transport/grpc.ts';

const unimplemented = 12;
const noBody = Buffer.alloc(0);

export async function receiveGrpc(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  intake: Intake,
): Promise<void> {
  // A reset can come before anything else listens, and an error that nobody hears ends the process.
  stream.on('error', () => undefined);
  const socket = socketUnder(stream);
  if (socket === undefined || stream.destroyed) return;
  const rawPath = String(headers[':path'] ?? '');
  const provider = providerOfService(rawPath.split('/')[1] ?? '');
  const message = `unknown method ${rawPath}`;
  const exchange = withDeadline(
    grpcExchange(
      stream,
      socket,
      (...error) => provider?.grpcStatus?.(...error) ?? { code: unimplemented, message },
    ),
    grpcTimeoutMs(headers['grpc-timeout']),
    intake.clock,
  );
  const requestOf = (body: Buffer, requestId: string): ApiRequest => ({
    method: 'POST',
    rawPath,
    query: new URLSearchParams(),
    headers,
    body,
    transport: 'grpc',
    requestId,
    memory: intake.memory,
    gate: intake.gate,
  });
  const open = provider?.route(requestOf(noBody, ''))?.open;
  if (provider !== undefined && open !== undefined) {
    const admission = intake.admit(socket);
    const request = requestOf(noBody, admission.requestId);
    const name = rawPath.slice(rawPath.lastIndexOf('/') + 1);
    const session = { name, open: () => open(undefined) };
    // The session lets go of what it reads from, and the stream still has trailers to send.
    const incoming = stream.pipe(new PassThrough());
    answerSession(request, session, incoming, exchange, admission.contextFor(provider));
    return;
  }
  const body = await readMessage(stream, headers).catch((error: unknown) => error);
  if (stream.destroyed) return;
  if (!Buffer.isBuffer(body)) {
    const name = body instanceof ProviderError ? body.code : 'internal';
    exchange.fail(name, body instanceof Error ? body.message : String(body));
    return;
  }
  const admission = intake.admit(socket);
  const request = requestOf(body, admission.requestId);
  const routed = provider?.route(request);
  if (provider === undefined || routed === undefined) exchange.fail('unknown-operation', message);
  else answerRequest(request, routed, exchange, admission.contextFor(provider));
}

/**
 * The first message, once the client has ended; later ones are ignored, as a unary or
 * server-streaming method does. A loop over the stream would destroy it on the first refusal, and
 * no status could be sent any more.
 */
function readMessage(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<Buffer> {
  const unframer = grpcUnframer(grpcMessageLimitBytes, encodingOf(headers));
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  let first: Buffer | undefined;
  stream.on('data', (chunk: Buffer) => {
    if (first !== undefined) return;
    try {
      [first] = unframer.push(chunk);
    } catch (error) {
      stream.pause();
      reject(error);
    }
  });
  stream.on('end', () => {
    if (first !== undefined) {
      resolve(first);
      return;
    }
    try {
      unframer.end();
      throw new ProviderError('INTERNAL', 'Cannot answer: the call ended without a message.');
    } catch (error) {
      reject(error);
    }
  });
  // A client that leaves ends nothing.
  stream.once('close', () => reject(new Error('the client has left')));
  return promise;
}
