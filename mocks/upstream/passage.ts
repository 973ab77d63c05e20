// One request on its way to an upstream, whatever carries it: what it asks of whom, and the
// exchange by which it is answered.

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { TransportName } from '../../injectors/stream.ts';
import type { AnswerContext } from '../answer.ts';
import { type Intake, providerOfPath, providerOfService } from '../intake.ts';
import type { ApiRequest, Provider } from '../provider.ts';
import { grpcTimeoutMs, withDeadline } from '../transport/deadline.ts';
import type { Exchange } from '../transport/exchange.ts';
import { grpcExchange } from '../transport/grpc.ts';
import { http1Exchange } from '../transport/http1.ts';
import { http2Exchange } from '../transport/http2.ts';
import { foreign } from './foreign.ts';

export type RestResponse = ServerResponse | Http2ServerResponse;

export interface Passage {
  readonly provider: Provider;
  /** Its body is not read yet. */
  readonly request: ApiRequest;
  /** Path and query as sent. */
  readonly target: string;
  readonly incoming: Readable;
  readonly exchange: Exchange;
  readonly context: AnswerContext;
}

export function restPassage(
  incoming: IncomingMessage | Http2ServerRequest,
  response: RestResponse,
  socket: Socket,
  intake: Intake,
): Passage {
  // An absolute target names a host, and the only one there is has been configured.
  const target = (incoming.url ?? '/').replace(/^[a-z]+:\/\/[^/]*(?=\/|$)/i, '') || '/';
  const [path = '/', ...query] = target.split('?');
  const found = providerOfPath(path);
  const provider = found?.provider ?? foreign;
  const transport: TransportName = 'stream' in response ? 'http2' : 'http1';
  const carried = { method: incoming.method ?? 'GET', headers: incoming.headers, transport };
  const place = { rawPath: found?.rawPath ?? path, query: new URLSearchParams(query.join('?')) };
  const { request, context } = admitted({ ...carried, ...place }, provider, socket, intake);
  const spell: Parameters<typeof http1Exchange>[1] = (name, message, hints) =>
    provider.errorAnswer(name, message, request, hints);
  const exchange =
    'stream' in response
      ? http2Exchange(response.stream, socket, spell)
      : http1Exchange(response, spell);
  return { provider, request, target, incoming, exchange, context };
}

export function grpcPassage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  socket: Socket,
  intake: Intake,
): Passage {
  const target = String(headers[':path'] ?? '/');
  const provider = providerOfService(target.split('/')[1] ?? '') ?? foreign;
  const carried = { method: 'POST', headers, transport: 'grpc' as const };
  const place = { rawPath: target, query: new URLSearchParams() };
  const { request, context } = admitted({ ...carried, ...place }, provider, socket, intake);
  const unavailable = 14;
  const plain = grpcExchange(
    stream,
    socket,
    (name, message, hints) =>
      provider.grpcStatus?.(name, message, hints) ?? { code: unavailable, message },
  );
  const exchange = withDeadline(plain, grpcTimeoutMs(headers['grpc-timeout']), intake.clock);
  return { provider, request, target, incoming: stream, exchange, context };
}

function admitted(
  asked: Pick<ApiRequest, 'method' | 'headers' | 'transport' | 'rawPath' | 'query'>,
  provider: Provider,
  socket: Socket,
  intake: Intake,
): Pick<Passage, 'request' | 'context'> {
  const { requestId, contextFor } = intake.admit(socket);
  const { memory, gate } = intake;
  const request = { ...asked, body: Buffer.alloc(0), requestId, memory, gate };
  return { request, context: contextFor(provider) };
}
