// HTTP/1.1: a ServerResponse as an Exchange. Node adds chunked framing unless a content-length is
// given, which is what the real services do too (RFC 9112 sections 6 and 7).

import type { ServerResponse } from 'node:http';
import type { Ending } from '../../injectors/stream.ts';
import type { ErrorAnswer } from '../provider.ts';
import { type Exchange, overlaid, type SpellError, sendFin, sendReset } from './exchange.ts';

export function http1Exchange(
  response: ServerResponse,
  errorAnswer: SpellError<ErrorAnswer>,
): Exchange {
  const { socket } = response;
  /** An empty write runs its callback once everything before it has reached the kernel. */
  const afterFlush = (action: () => void) => {
    if (socket === null || socket.destroyed) return;
    response.uncork();
    socket.write('', () => {
      if (!socket.destroyed) action();
    });
  };
  const exchange: Exchange = {
    head(status, headers) {
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write: (bytes) => response.write(bytes),
    fail(name, message, extra, hints) {
      if (response.headersSent) {
        if (socket) sendReset(socket);
        return;
      }
      const { status, headers, body } = errorAnswer(name, message, hints);
      const length = { 'content-length': String(body.length) };
      response.writeHead(hints?.status ?? status, overlaid({ ...headers, ...length }, extra));
      response.end(body);
    },
    finish(ending: Ending) {
      switch (ending.kind) {
        case 'complete':
          if (ending.trailers) response.addTrailers(ending.trailers);
          response.end();
          return;
        case 'exception':
          response.end();
          return;
        case 'cut':
        case 'close':
          if (socket) afterFlush(() => sendFin(socket));
          return;
        case 'reset':
        case 'cancel':
          if (socket) afterFlush(() => sendReset(socket));
          return;
        case 'goaway':
        case 'flood':
        case 'settings':
        case 'broken-frame':
          exchange.finish({ kind: ending.next });
          return;
        case 'bad-framing':
          if (socket) afterFlush(() => socket.write(badChunk));
          return;
        case 'hang':
          return;
        default:
          ending satisfies never;
      }
    },
    onDrain: (callback) => void response.on('drain', callback),
    onClose: (callback) => void response.once('close', callback),
  };
  return exchange;
}

/** Neither a chunk size nor a status line. */
const badChunk = 'leakbed\r\n';
