// REST over HTTP/2: a server stream as an Exchange (RFC 9113). Header names are lower case and
// connection-level headers are left out, as HTTP/2 demands.

import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Ending } from '../../injectors/stream.ts';
import type { ErrorAnswer } from '../provider.ts';
import { type Exchange, sendFin, sendReset } from './exchange.ts';

export function http2Exchange(
  stream: ServerHttp2Stream,
  socket: Socket,
  errorAnswer: (name: string, message: string) => ErrorAnswer,
): Exchange {
  // A client that resets its stream raises an error here; `close` tells the rest.
  stream.on('error', () => undefined);
  return {
    head(status, headers) {
      if (!stream.destroyed) stream.respond({ ':status': status, ...lowerCase(headers) });
    },
    write: (bytes) => stream.destroyed || stream.write(bytes),
    fail(name, message, extra) {
      if (stream.destroyed) return;
      if (stream.headersSent) {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      const { status, headers, body } = errorAnswer(name, message);
      const length = { 'content-length': String(body.length) };
      stream.respond({ ':status': status, ...lowerCase(headers), ...extra, ...length });
      stream.end(body);
    },
    finish: (ending) => finishHttp2(stream, socket, ending),
    onDrain: (callback) => void stream.on('drain', callback),
    onClose: (callback) => void stream.once('close', callback),
  };
}

/** What an ending means on any HTTP/2 stream; gRPC differs only in how it completes. */
export function finishHttp2(stream: ServerHttp2Stream, socket: Socket, ending: Ending): void {
  switch (ending.kind) {
    case 'complete':
    case 'exception':
      stream.end();
      return;
    case 'cut':
    case 'close':
      afterFlush(stream, socket, () => sendFin(socket));
      return;
    case 'reset':
      afterFlush(stream, socket, () => sendReset(socket));
      return;
    case 'cancel':
      // close() ends the stream before it resets it, and an ended stream is not reset any more;
      // a write under way, even an empty one, holds the end back.
      afterFlush(stream, socket, () => {
        stream.write(Buffer.alloc(0));
        stream.close(ending.code);
      });
      return;
    case 'hang':
      return;
    default:
      ending satisfies never;
  }
}

/** Waits for the stream's data to leave nghttp2, then for the socket to hand it to the kernel. */
function afterFlush(stream: ServerHttp2Stream, socket: Socket, action: () => void): void {
  if (stream.destroyed) return;
  const waitForSocket = () => {
    // A client that has left this stream must not lose its connection to a fault meant for it.
    if (stream.destroyed || socket.destroyed) return;
    // nghttp2 writes in the turn after the one that queued the data.
    setImmediate(() => {
      if (!stream.destroyed && !socket.destroyed) action();
    });
  };
  if (stream.writableLength === 0) setImmediate(waitForSocket);
  else stream.write(Buffer.alloc(0), waitForSocket);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
