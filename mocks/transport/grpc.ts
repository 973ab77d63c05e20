// gRPC over HTTP/2 by hand (the protocol is PROTOCOL-HTTP2.md of the gRPC project): messages come
// framed from the codec; here are the request's head, its one message, and the trailers.

import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { GrpcStatus } from '../provider.ts';
import type { ExpiringExchange } from './deadline.ts';
import { finishHttp2 } from './http2.ts';

export function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/grpc') === true;
}

export function grpcExchange(
  stream: ServerHttp2Stream,
  socket: Socket,
  statusOf: (name: string, message: string) => GrpcStatus,
): ExpiringExchange {
  stream.on('error', () => undefined);
  let trailers: Record<string, string> = { 'grpc-status': '0' };
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const base = { ':status': 200, 'content-type': 'application/grpc' };
  return {
    head(_status, headers) {
      if (stream.destroyed) return;
      // Messages carry their own length; a content-length would only contradict the trailers.
      const { 'content-length': _, ...rest } = headers;
      stream.respond({ ...rest, ...base }, { waitForTrailers: true });
    },
    write: (bytes) => stream.destroyed || stream.writableEnded || stream.write(bytes),
    fail(name, message, extra) {
      if (stream.destroyed) return;
      if (stream.headersSent) {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      // "Trailers-Only": one HEADERS frame that also ends the stream.
      const status = statusHeaders(statusOf(name, message));
      stream.respond({ ...extra, ...base, ...status }, { endStream: true });
    },
    expire() {
      if (stream.destroyed) return;
      const status = statusHeaders(statusOf('timeout', ''));
      if (!stream.headersSent) {
        stream.respond({ ...base, ...status }, { endStream: true });
      } else if (stream.writableNeedDrain) {
        // Trailers would wait behind what this client does not read.
        stream.close(constants.NGHTTP2_CANCEL);
        stream.destroy();
      } else {
        trailers = status;
        stream.end();
        // A client that still speaks is told to stop.
        stream.once('wantTrailers', () => setImmediate(() => stream.close()));
      }
    },
    finish(ending) {
      if (ending.kind === 'exception') {
        trailers = statusHeaders(statusOf(ending.name, ending.message));
      }
      finishHttp2(stream, socket, ending);
    },
    onDrain: (callback) => void stream.on('drain', callback),
    onClose: (callback) => void stream.once('close', callback),
  };
}

function statusHeaders({ code, message, details }: GrpcStatus): Record<string, string> {
  return {
    'grpc-status': String(code),
    // Encoded are the percent sign and what is not printable ASCII; clients decode no more.
    'grpc-message': message.toWellFormed().replace(/[^ -$&-~]+/g, encodeURIComponent),
    ...(details && { 'grpc-status-details-bin': details.toString('base64') }),
  };
}
