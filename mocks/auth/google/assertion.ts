// The assertion of a service account, which its key has signed, at the token endpoint. Source:
// "Using OAuth 2.0 for server to server applications" (Google Identity); texts from the real
// endpoint.

import { findAccount, firstAccount, keysOf } from './directory.ts';
import { type Claims, readJwt } from './jwt.ts';
import { type GoogleParts, OauthProblem } from './oauth.ts';
import { isInteger, longestSeconds, skewSeconds } from './self-signed.ts';

export interface Assertion {
  readonly email: string;
  readonly scope: string | undefined;
  /** For an identity token in place of an access token. */
  readonly targetAudience: string | undefined;
}

const audiences = [
  'https://oauth2.googleapis.com/token',
  'https://www.googleapis.com/oauth2/v4/token',
  'https://www.googleapis.com/oauth2/v3/token',
  'https://accounts.google.com/o/oauth2/token',
];

export function readAssertion(text: string, parts: GoogleParts, host: string): Assertion {
  const jwt = readJwt(text);
  const claims = jwt?.claims ?? {};
  const { iss, scope, target_audience: target } = claims;
  const asked = {
    scope: typeof scope === 'string' ? scope : undefined,
    targetAudience: typeof target === 'string' ? target : undefined,
  };
  if (!parts.isVerifying) return { email: firstAccount(parts.directory).name, ...asked };
  if (jwt === undefined) throw invalid('Invalid JWT Signature.');
  const account = typeof iss === 'string' ? findAccount(parts.directory, iss) : undefined;
  if (account === undefined) throw invalid('Invalid grant: account not found');
  const keys = keysOf(account.publicKeys, jwt.header.kid);
  if (!keys.some(jwt.isSignedBy)) throw invalid('Invalid JWT Signature.');
  checkClaims(claims, host, parts.now());
  if (asked.scope === undefined ? asked.targetAudience === undefined : !isScope(asked.scope)) {
    const description = 'Invalid OAuth scope or ID token audience provided.';
    throw new OauthProblem('invalid_scope', description);
  }
  return { email: account.name, ...asked };
}

function checkClaims({ iss, sub, aud, iat, exp }: Claims, host: string, now: Date): void {
  if (!isFor(aud, host)) throw invalid('Invalid JWT: Failed audience check.');
  const seconds = now.getTime() / 1000;
  const isTimely =
    isInteger(iat) &&
    isInteger(exp) &&
    exp - iat <= longestSeconds &&
    iat <= seconds + skewSeconds &&
    exp > seconds;
  if (!isTimely) {
    throw invalid(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable ' +
        'timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
  if (sub !== undefined && sub !== iss) {
    const description =
      'Client is unauthorized to retrieve access tokens using this method, or client not ' +
      'authorized for any of the scopes requested.';
    throw new OauthProblem('unauthorized_client', description, 401);
  }
}

/** Google's own address, or where the key file says the endpoint is. */
function isFor(audience: unknown, host: string): boolean {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false;
  if (audiences.includes(audience)) return true;
  const url = new URL(audience);
  return url.host === host && url.pathname === '/token';
}

const scopeShape = /^(?:https:\/\/www\.googleapis\.com\/auth\/[\w./-]+|openid|email|profile)$/;

function isScope(text: string): boolean {
  return text.split(' ').every((one) => scopeShape.test(one));
}

function invalid(description: string): OauthProblem {
  return new OauthProblem('invalid_grant', description);
}
