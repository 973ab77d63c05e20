// REST over HTTP/2: a server stream as an Exchange (RFC 9113). Header names are lower case and
// connection-level headers are left out, as HTTP/2 demands.

import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Ending } from '../../injectors/stream.ts';
import { brokenFrame, emptyDataFrame, goawayFrame, oversizedFrame } from '../codec/http2-frames.ts';
import type { ErrorAnswer } from '../provider.ts';
import { type Exchange, overlaid, type SpellError, sendFin, sendReset } from './exchange.ts';

export function http2Exchange(
  stream: ServerHttp2Stream,
  socket: Socket,
  errorAnswer: SpellError<ErrorAnswer>,
): Exchange {
  // A client that resets its stream raises an error here; `close` tells the rest.
  stream.on('error', () => undefined);
  let trailers: Readonly<Record<string, string>> = {};
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  return {
    head(status, headers) {
      if (stream.destroyed) return;
      const all = lowerCase(headers);
      stream.respond({ ':status': status, ...all }, { waitForTrailers: 'trailer' in all });
    },
    write: (bytes) => stream.destroyed || stream.write(bytes),
    fail(name, message, extra, hints) {
      if (stream.destroyed) return;
      if (stream.headersSent) {
        breakOff(stream, constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      const { status, headers, body } = errorAnswer(name, message, hints);
      const length = { 'content-length': String(body.length) };
      const all = lowerCase(overlaid({ ...headers, ...length }, extra));
      stream.respond({ ':status': hints?.status ?? status, ...all });
      stream.end(body);
    },
    finish(ending) {
      if (ending.kind === 'complete') trailers = ending.trailers ?? {};
      finishHttp2(stream, socket, ending);
    },
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
      afterFlush(stream, socket, () => breakOff(stream, ending.code));
      return;
    case 'goaway':
      afterFlush(stream, socket, () => {
        const lastStream = ending.last === 'this' ? (stream.id ?? 0) : 0;
        socket.write(goawayFrame(ending.code, lastStream));
        finishHttp2(stream, socket, { kind: ending.next });
      });
      return;
    case 'flood':
      afterFlush(stream, socket, () => {
        flood(ending, stream, socket);
        finishHttp2(stream, socket, { kind: ending.next });
      });
      return;
    case 'settings':
      afterFlush(stream, socket, () => {
        stream.session?.settings(ending.settings);
        finishHttp2(stream, socket, { kind: ending.next });
      });
      return;
    case 'broken-frame':
      afterFlush(stream, socket, () => {
        socket.write(brokenFrame(ending.frame, stream.id ?? 1));
        finishHttp2(stream, socket, { kind: ending.next });
      });
      return;
    case 'bad-framing':
      afterFlush(stream, socket, () => socket.write(oversizedFrame(stream.id ?? 1)));
      return;
    case 'hang':
      return;
    default:
      ending satisfies never;
  }
}

/**
 * close() ends the stream before it resets it, and an ended stream is not reset any more; a write
 * under way, even an empty one, holds the end back.
 */
function breakOff(stream: ServerHttp2Stream, code: number): void {
  if (stream.headersSent) stream.write(Buffer.alloc(0));
  stream.close(code);
}

function flood(
  { of, count }: Extract<Ending, { readonly kind: 'flood' }>,
  stream: ServerHttp2Stream,
  socket: Socket,
): void {
  if (of === 'empty-data') {
    // The session would send none of these, or join them.
    socket.write(
      Buffer.concat(Array.from({ length: count }, () => emptyDataFrame(stream.id ?? 1))),
    );
    return;
  }
  for (let sent = 0; sent < count; sent += 1) {
    if (of === 'ping') stream.session?.ping(() => undefined);
    else stream.session?.settings({});
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

/** What is specific to a connection has no place in HTTP/2 (RFC 9113 section 8.2.2). */
export function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name !== 'connection'),
  );
}
