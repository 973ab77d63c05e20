// Headers on their way through: what belongs to one connection stays there (RFC 9110 section
// 7.6.1), and what is said to leakbed is not said to the upstream.

import type { IncomingHttpHeaders } from 'node:http';

const hopByHop = [
  'connection keep-alive proxy-connection proxy-authenticate proxy-authorization te',
  'transfer-encoding upgrade http2-settings',
].flatMap((line) => line.split(' '));
/** `host` is the upstream's own; Node has answered `expect`; the words are for leakbed. */
const notForUpstream = ['host', 'expect', 'x-leakbed'];

/** One value for each name; pseudo-headers are the transport's. */
export function plainHeaders(
  headers: Readonly<IncomingHttpHeaders>,
): Readonly<Record<string, string>> {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/);
  const dropped = new Set([...hopByHop, ...named]);
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name.startsWith(':') || dropped.has(name)
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(kept);
}

/** `isPlain` asks for bytes that are not compressed, as a fault counts the events in them. */
export function upstreamHeaders(
  headers: Readonly<IncomingHttpHeaders>,
  isPlain: boolean,
): Readonly<Record<string, string>> {
  const kept = Object.entries(plainHeaders(headers)).filter(
    ([name]) => !notForUpstream.includes(name),
  );
  // Clients of gRPC must say so, although it is a header of the connection.
  const trailing = headers.te === 'trailers' ? { te: 'trailers' } : {};
  const plain = isPlain && headers['accept-encoding'] ? { 'accept-encoding': 'identity' } : {};
  return { ...Object.fromEntries(kept), ...trailing, ...plain };
}
