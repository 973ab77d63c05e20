// The token endpoint, `POST /token` of oauth2.googleapis.com: access tokens for a service account's
// assertion and for a user's refresh token. Source: RFC 6749 section 6, RFC 7523; Google's texts.

import type { PlainAnswer } from '../plain-answer.ts';
import { hostOf, type SignedRequest } from '../signed-request.ts';
import { sameText } from '../signing-key.ts';
import { cloudPlatform } from './access-token.ts';
import { readAssertion } from './assertion.ts';
import { firstAccount, type RefreshToken } from './directory.ts';
import { isOver } from './gate.ts';
import { identityToken } from './identity-token.ts';
import {
  type GoogleParts,
  issueToken,
  type OauthFields,
  OauthProblem,
  oauthAnswer,
} from './oauth.ts';

const bearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** What `gcloud auth application-default login` asks for. */
const userScope = `openid https://www.googleapis.com/auth/userinfo.email ${cloudPlatform}`;

export function answerToken(
  request: SignedRequest,
  parts: GoogleParts,
  nonce: string,
): PlainAnswer {
  return oauthAnswer(request, (fields) => {
    const grantType = fields('grant_type');
    switch (grantType) {
      case bearerGrant:
        return forAssertion(fields, parts, hostOf(request), nonce);
      case 'refresh_token':
        return forRefreshToken(fields, parts, nonce);
      case undefined:
        throw new OauthProblem('invalid_request', 'Required parameter is missing: grant_type');
      default:
        throw new OauthProblem('unsupported_grant_type', `Invalid grant_type: ${grantType}`);
    }
  });
}

function forAssertion(fields: OauthFields, parts: GoogleParts, host: string, nonce: string) {
  const { email, scope, targetAudience } = readAssertion(fields('assertion') ?? '', parts, host);
  if (scope === undefined && targetAudience !== undefined) {
    return {
      id_token: identityToken({ email, audience: targetAudience }, parts.key(), parts.now()),
    };
  }
  return issueToken(parts, { name: email, scope: scope ?? cloudPlatform }, nonce);
}

function forRefreshToken(fields: OauthFields, parts: GoogleParts, nonce: string) {
  const { name, clientId } = userOf(fields, parts);
  const scope = fields('scope') ?? userScope;
  const granted = userScope.split(' ');
  if (parts.isVerifying && scope.split(' ').some((one) => !granted.includes(one))) {
    throw new OauthProblem('invalid_scope', 'Bad Request');
  }
  const issued = { ...issueToken(parts, { name, scope }, nonce), scope };
  if (!scope.split(' ').includes('openid')) return issued;
  const identified = { email: name, audience: clientId };
  return { ...issued, id_token: identityToken(identified, parts.key(), parts.now()) };
}

function userOf(fields: OauthFields, { directory, isVerifying, now }: GoogleParts) {
  const clientId = fields('client_id') ?? '';
  if (!isVerifying) return { name: firstAccount(directory).name, clientId };
  const users = directory.accounts.flatMap(({ name, refreshTokens }) =>
    refreshTokens.map((refresh) => ({ name, refresh })),
  );
  const clients = users.filter(({ refresh }) => refresh.clientId === clientId);
  if (clients.length === 0) {
    throw new OauthProblem('invalid_client', 'The OAuth client was not found.', 401);
  }
  const is = (name: string, of: (refresh: RefreshToken) => string) => {
    const given = fields(name) ?? '';
    return ({ refresh }: (typeof users)[number]) => sameText(of(refresh), given);
  };
  const known = clients.filter(is('client_secret', ({ clientSecret }) => clientSecret));
  if (known.length === 0) throw new OauthProblem('invalid_client', 'Unauthorized', 401);
  const user = known.find(is('refresh_token', ({ token }) => token));
  if (user === undefined) throw new OauthProblem('invalid_grant', 'Bad Request');
  if (isOver(user.refresh, now())) {
    throw new OauthProblem('invalid_grant', 'Token has been expired or revoked.');
  }
  return { name: user.name, clientId };
}
