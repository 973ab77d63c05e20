// One port for TLS, HTTP/1.1, HTTP/2 without TLS (prior knowledge) and gRPC, told apart by the
// first three bytes: 22 begins a TLS handshake, `PRI` the HTTP/2 preface (RFC 9113 section 3.4),
// and no HTTP/1.1 method does either.

import { once } from 'node:events';
import {
  createServer as createHttp1,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import {
  createServer as createHttp2,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { Certificate } from './tls/certificate.ts';
import { createSecureLayer } from './tls/secure-layer.ts';
import { isGrpc } from './transport/grpc.ts';

/** A connection that says nothing is closed after this long. */
const silenceMs = 30_000;
/** Content type of a TLS record that holds a handshake (RFC 8446 section 5.1). */
const tlsHandshake = 22;
/** Keep-alive probes find clients that vanished without a FIN under a stream that says nothing. */
const probing = { keepAlive: true, keepAliveInitialDelay: 60_000 };
const socketOptions = { noDelay: true, allowHalfOpen: true, ...probing };

export type GrpcHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const socketOfSession = new WeakMap<Http2Session, Socket>();

/** The TCP socket under an HTTP/2 stream; `session.socket` is a proxy that forbids most uses. */
export function socketUnder(stream: ServerHttp2Stream): Socket | undefined {
  return stream.session === undefined ? undefined : socketOfSession.get(stream.session);
}

/** A listening server with the parts of http.Server that fastify uses. */
export function createPortServer(
  onRequest: RequestListener,
  onGrpc: GrpcHandler,
  isUpgrade: (request: IncomingMessage) => boolean,
  certificate?: Certificate,
): HttpServer {
  // Upgrades that nobody asked for here are answered like requests, as the services do.
  const timeouts = { requestTimeout: 0, keepAliveTimeout: 75_000 };
  const http1 = createHttp1({ ...timeouts, shouldUpgradeCallback: isUpgrade }, onRequest);
  const http2 = createSessionServer(onRequest, onGrpc);
  const handOver = (socket: Socket, isHttp2: boolean) => {
    // Half-open sockets are for HTTP/1.1 only. A client that leaves HTTP/2 with GOAWAY and FIN, as
    // the AWS SDK does on abort, would otherwise keep its session and streams here for ever.
    if (isHttp2) {
      socket.once('end', () => socket.destroy());
      http2.take(socket);
    } else http1.emit('connection', socket);
  };
  const secureLayer =
    certificate &&
    createSecureLayer(certificate, (socket) =>
      sniff(socket, (protocol) => handOver(socket, protocol === 'http2')),
    );

  const sockets = new Set<Socket>();
  let isClosing = false;
  const server = createServer(socketOptions, (socket) => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    sniff(socket, (protocol) => {
      if (protocol !== 'tls') handOver(socket, protocol === 'http2');
      else if (secureLayer === undefined) socket.destroy();
      else secureLayer.accept(socket);
    });
  });
  // Timeout checks of an http.Server start with this event, which only `listen` would emit.
  server.once('listening', () => http1.emit('listening'));
  // WebSocket servers wait for this event where they were told that connections come in.
  http1.on('upgrade', (...upgrade) => void server.emit('upgrade', ...upgrade));
  server.once('close', () => http1.close());
  const facade = Object.assign(server, {
    closeAllConnections: () => {
      isClosing = true;
      for (const socket of sockets) socket.destroy();
    },
    closeIdleConnections: () => http1.closeIdleConnections(),
    setTimeout: () => server,
  });
  return facade as unknown as HttpServer;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Whoever connects to these addresses has connected to the server; they close with it. */
export async function listenAlso(server: Server, addresses: readonly Address[]): Promise<void> {
  for (const { host, port } of addresses) {
    const door = createServer(socketOptions, (socket) => server.emit('connection', socket));
    door.listen({ host, port });
    await once(door, 'listening');
    server.once('close', () => door.close());
  }
}

/**
 * Faults flood clients with frames that each wait for an acknowledgement; Node's types do not know
 * the second limit.
 */
const floodRoom = { maxOutstandingPings: 10_000, maxOutstandingSettings: 10_000 };

/** HTTP/2 on sockets that are handed to it; remembers the socket of each session. */
function createSessionServer(
  onRequest: RequestListener,
  onGrpc: GrpcHandler,
): { take(socket: Socket): void } {
  const http2 = createHttp2({
    settings: { maxConcurrentStreams: 10_000 },
    // nghttp2 would send GOAWAY to a client that aborts a thousand streams in a row, which is what
    // this server is there to be hurt by.
    streamResetBurst: 1_000_000,
    streamResetRate: 1_000_000,
    ...floodRoom,
  });
  http2.on('stream', (stream, headers, _flags, rawHeaders) => {
    // A compat listener on this server would answer `wantTrailers` of gRPC streams, so the
    // compat objects are made here, for REST only.
    if (isGrpc(headers)) onGrpc(stream, headers);
    else {
      const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
      const response = new Http2ServerResponse(stream);
      if (headers.expect === '100-continue') response.writeContinue();
      onRequest(request as never, response as never);
    }
  });
  let opening: Socket | undefined;
  http2.on('session', (session) => {
    if (opening !== undefined) socketOfSession.set(session, opening);
    // Protocol errors of a client end its session only.
    session.on('error', () => session.destroy());
  });
  http2.on('sessionError', () => undefined);
  return {
    take(socket) {
      opening = socket;
      http2.emit('connection', socket);
      opening = undefined;
    },
  };
}

type Protocol = 'tls' | 'http2' | 'http1';

/** Reads until the protocol is certain, then hands the socket on with all its bytes. */
function sniff(socket: Socket, decide: (protocol: Protocol) => void): void {
  let seen = Buffer.alloc(0);
  socket.setTimeout(silenceMs, () => socket.destroy());
  const onEnd = () => socket.destroy();
  const onData = (bytes: Buffer) => {
    seen = Buffer.concat([seen, bytes]);
    const start = seen.subarray(0, 3).toString('latin1');
    if (seen.length < 3 && 'PRI'.startsWith(start)) return;
    const protocol = seen[0] === tlsHandshake ? 'tls' : start === 'PRI' ? 'http2' : 'http1';
    socket.off('data', onData);
    socket.off('end', onEnd);
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.pause();
    socket.unshift(seen);
    decide(protocol);
    // The HTTP/1.1 server listens for data; the others have taken the bytes themselves.
    if (protocol === 'http1') socket.resume();
  };
  socket.on('data', onData);
  socket.once('end', onEnd);
}
