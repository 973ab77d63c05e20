// Connections that a provider resets or sends away, let go of at once. Node marks an HTTP/2 session
// destroyed before it clears the session's idle timer, and a destroyed session's timer is not
// cleared. The AWS SDK sets it to 300 s, so a reset stream keeps 2.7 KiB for five minutes.
// Here the timer is cleared just before Node hears that the socket is gone.
// Source: Node 24.21 lib/internal/http2/core.js, closeSession and setStreamTimeout.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';

const channel = 'http2.client.stream.created';

/** Of all sessions that this process opens as a client; returns how to stop. */
export function clearIdleTimersOfLostSessions(): () => void {
  // The requests of one session share it, and its listeners.
  const known = new WeakSet<ClientHttp2Session>();
  const onStream = (message: unknown) => {
    const { stream } = message as { readonly stream: ClientHttp2Stream };
    const session = stream.session as ClientHttp2Session | undefined;
    if (session === undefined || known.has(session)) return;
    known.add(session);
    const clear = () => void session.setTimeout(0);
    session.socket.prependListener('error', clear);
    session.socket.prependListener('close', clear);
    // A GOAWAY with an error code has Node destroy the session before the socket is told.
    const destroy = session.destroy.bind(session);
    session.destroy = (...how: Parameters<typeof destroy>) => {
      clear();
      destroy(...how);
    };
  };
  subscribe(channel, onStream);
  return () => void unsubscribe(channel, onStream);
}
