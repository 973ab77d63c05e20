// API keys. Digests are compared instead of keys, so that neither length nor content of a key
// shows in the time it takes.

import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from './gateway-error.ts';

const digest = (key: string) => createHash('sha256').update(key).digest();

/** Returns a check that throws unless the header carries one of the keys. */
export function apiKeyCheck(keys: readonly string[]): (header: string | undefined) => void {
  const known = keys.map(digest);
  return (header) => {
    const given = digest(/^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? '');
    if (known.some((key) => timingSafeEqual(key, given))) return;
    throw new GatewayError(
      401,
      'invalid_api_key',
      'Cannot accept the request: it carries no valid key. Send "Authorization: Bearer <key>".',
    );
  };
}
