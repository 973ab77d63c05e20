// Who may come in to an API that changes what a fake does: no page of another origin, no name that
// was pointed at our address, and off loopback nobody without the token. Shared by the control
// plane of the mocks and the API of the TCP proxy.

import { timingSafeEqual } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/**
 * An `onRequest` hook; a refusal is answered as `{"error": "…"}` with 401 or 403. What is public is
 * there without the token, and for no other origin all the same.
 */
export function admission(token: string | undefined, { isPublic = false } = {}) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const refusal = refusalOf(request, token, isPublic);
    if (refusal !== undefined) await reply.code(refusal.status).send({ error: refusal.reason });
  };
}

/**
 * The token to ask for; an empty secret is none, as of a variable that was set to nothing. Throws
 * when one of the addresses is open to other machines and there is no token.
 */
export function tokenFor(
  api: string,
  hosts: readonly string[],
  given: string | undefined,
): string | undefined {
  const token = given === '' ? undefined : given;
  const open = hosts.find((host) => !isLoopback(host));
  if (open === undefined || token !== undefined) return token;
  throw new Error(
    `Cannot listen on ${open}: off loopback ${api} needs a token. ` +
      'Set LEAKBED_TOKEN to a secret of your own.',
  );
}

/** Also true for what was added to the loopback interface, where no other machine gets to. */
function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const addresses = Object.values(networkInterfaces()).flat();
  return addresses.some((found) => found?.internal === true && found.address === host);
}

function refusalOf(
  request: FastifyRequest,
  token: string | undefined,
  isPublic: boolean,
): Refusal | undefined {
  const host = String(request.headers.host ?? request.headers[':authority'] ?? '');
  // A page can give its own name our address, and is then of the same origin (DNS rebinding).
  if (token === undefined && !isLoopbackName(host)) {
    const reason = `Cannot serve the host "${host}": without a token only loopback names are served.`;
    return { status: 403, reason };
  }
  const foreign = foreignPage(request, host);
  if (foreign !== undefined) {
    return { status: 403, reason: `Cannot serve a page from ${foreign}: it is another origin.` };
  }
  if (token === undefined || isPublic || isTold(request, token)) return undefined;
  const reason = 'Cannot serve without the token: send "Authorization: Bearer <LEAKBED_TOKEN>".';
  return { status: 401, reason };
}

/**
 * The page that asks when it is not our own. Browsers say `Origin` with all that changes something;
 * with what only reads (an image, a script) they say `Sec-Fetch-Site`, and following a link is a
 * navigation, which the other page cannot read (Fetch Metadata, W3C).
 */
function foreignPage({ headers, raw }: FastifyRequest, host: string): string | undefined {
  const scheme = 'encrypted' in raw.socket ? 'https' : 'http';
  const { origin } = headers;
  if (origin !== undefined) return origin === `${scheme}://${host}` ? undefined : origin;
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  return isOwn || headers['sec-fetch-mode'] === 'navigate' ? undefined : `a ${site} page`;
}

/**
 * A page cannot give a WebSocket headers; it says the token as one of its subprotocols instead,
 * `leakbed.token.` and base64url, behind the one that is spoken.
 */
function isTold({ headers }: FastifyRequest, token: string): boolean {
  if (matches(headers.authorization, `Bearer ${token}`)) return true;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const words = `leakbed.token.${Buffer.from(token).toString('base64url')}`;
  return offered.some((name) => matches(name, words));
}

function isLoopbackName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

function matches(given: string | undefined, wanted: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
