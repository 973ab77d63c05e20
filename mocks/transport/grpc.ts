// gRPC over HTTP/2 by hand (the protocol is PROTOCOL-HTTP2.md of the gRPC project): messages come
// framed from the codec; here are the request's head, its one message, and the trailers.

import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { grpcEncodings } from '../codec/grpc.ts';
import type { GrpcStatus } from '../provider.ts';
import type { ExpiringExchange } from './deadline.ts';
import type { SpellError } from './exchange.ts';
import { finishHttp2, lowerCase } from './http2.ts';

export function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/grpc') === true;
}

const base = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': grpcEncodings,
};

export function grpcExchange(
  stream: ServerHttp2Stream,
  socket: Socket,
  statusOf: SpellError<GrpcStatus>,
): ExpiringExchange {
  stream.on('error', () => undefined);
  let trailers: Record<string, string> = { 'grpc-status': '0' };
  stream.on('wantTrailers', () => {
    stream.sendTrailers(trailers);
    stopClient();
  });
  /** A client that still speaks is told, once the status is out, that nobody listens. */
  const stopClient = () => {
    if (stream.readableEnded) return;
    setImmediate(() => setImmediate(() => stream.close()));
  };
  const spelled: SpellError<GrpcStatus> = (name, message, hints) => {
    const status = statusOf(name, message, hints);
    return { ...status, code: hints?.grpcStatus ?? status.code };
  };
  /** "Trailers-Only": one HEADERS frame that also ends the stream. */
  const refuse = (status: GrpcStatus, extra?: Readonly<Record<string, string>>) => {
    const headers = { ...base, ...lowerCase(extra ?? {}), ...statusHeaders(status) };
    stream.respond(headers, { endStream: true });
    stopClient();
  };
  return {
    head(status, headers) {
      if (stream.destroyed) return;
      if (status !== 200) {
        // What stands between client and service speaks HTTP: no trailers, no gRPC content type.
        stream.respond({ ':status': status, ...lowerCase(headers) });
        return;
      }
      // Messages carry their own length; a content-length would only contradict the trailers.
      const { 'content-length': _, ...rest } = lowerCase(headers);
      stream.respond({ ...base, ...rest }, { waitForTrailers: true });
    },
    write: (bytes) => stream.destroyed || stream.writableEnded || stream.write(bytes),
    fail(name, message, extra, hints) {
      if (stream.destroyed) return;
      if (stream.headersSent) {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      refuse(spelled(name, message, hints), extra);
    },
    expire() {
      if (stream.destroyed) return;
      const status = statusOf('timeout', '');
      if (!stream.headersSent) refuse(status);
      else if (stream.writableNeedDrain) {
        // Trailers would wait behind what this client does not read.
        stream.close(constants.NGHTTP2_CANCEL);
        stream.destroy();
      } else {
        trailers = statusHeaders(status);
        stream.end();
      }
    },
    finish(ending) {
      if (ending.kind === 'exception') {
        trailers = statusHeaders(spelled(ending.name, ending.message, ending.hints));
      }
      // Without headers node:http2 ends the stream with an empty DATA frame.
      if (ending.kind === 'complete' && ending.isWithoutStatus === true) trailers = {};
      else if (ending.kind === 'complete' && ending.trailers) trailers = { ...ending.trailers };
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
