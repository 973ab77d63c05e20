// TLS on the shared port: takes a raw socket whose first byte is a handshake's, gives back the
// deciphered one. ALPN (RFC 7301) offers HTTP/2 and HTTP/1.1; whoever agrees on none speaks
// HTTP/1.1, since HTTP/2 over TLS must be agreed on (RFC 9113 section 3.2).

import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

export interface SecureLayer {
  /** All bytes read so far must have been put back. */
  accept(raw: Socket): void;
}

/** A handshake that takes longer is given up. */
const handshakeMs = 30_000;

const beneath = new WeakMap<Socket, Socket>();

/** The TCP socket under a TLS one, which alone can be reset; any other socket is its own. */
export function rawSocket(socket: Socket): Socket {
  return beneath.get(socket) ?? socket;
}

export function createSecureLayer(
  certificate: Certificate,
  onSecure: (socket: TLSSocket) => void,
): SecureLayer {
  // Node says nowhere which TCP socket a TLS socket has; the two ends' addresses do.
  const waiting = new Map<string, Socket>();
  const server = createServer({
    key: certificate.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: certificate.pem,
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: handshakeMs,
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('secureConnection', (socket) => {
    const raw = waiting.get(peerOf(socket));
    if (raw === undefined || raw.destroyed) {
      socket.destroy();
      return;
    }
    beneath.set(socket, raw);
    socket.on('error', () => socket.destroy());
    onSecure(socket);
  });
  return {
    accept(raw) {
      const peer = peerOf(raw);
      waiting.set(peer, raw);
      raw.once('close', () => waiting.delete(peer));
      server.emit('connection', raw);
    },
  };
}

function peerOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
