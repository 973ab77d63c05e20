// The Security Token Service, `POST /v1/token` of sts.googleapis.com: a token of another identity
// provider for one of Google's (workload identity federation). Source: RFC 8693, and "Method:
// token" (STS API reference).

import type { Accounts } from '../accounts.ts';
import type { PlainAnswer } from '../plain-answer.ts';
import type { SignedRequest } from '../signed-request.ts';
import { cloudPlatform } from './access-token.ts';
import { awsSubject } from './aws-subject.ts';
import { keysOf, type PoolProvider } from './directory.ts';
import { readJwt } from './jwt.ts';
import {
  type GoogleParts,
  issueToken,
  type OauthFields,
  OauthProblem,
  oauthAnswer,
} from './oauth.ts';
import { isInteger, skewSeconds } from './self-signed.ts';

export interface ExchangeParts extends GoogleParts {
  /** Whose signatures an AWS provider takes. */
  readonly accounts: Accounts;
}

const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const typeOf = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
export const awsTokenType = 'urn:ietf:params:aws:token-type:aws4_request';
const subjectTypes: Readonly<Record<PoolProvider['kind'], readonly string[]>> = {
  oidc: [typeOf('jwt'), typeOf('id_token')],
  aws: [awsTokenType],
};

export function answerExchange(
  request: SignedRequest,
  parts: ExchangeParts,
  nonce: string,
): PlainAnswer {
  return oauthAnswer(request, (fields) => {
    const grantType = fields('grant_type') ?? '';
    if (grantType !== grant) {
      throw new OauthProblem('unsupported_grant_type', `Invalid grant_type: ${grantType}`);
    }
    const { pool, provider } = providerOf(fields('audience') ?? '', parts);
    const subject = parts.isVerifying ? subjectOf(fields, provider, parts) : 'leakbed';
    const name = `principal://${pool}/subject/${subject}`;
    const scope = fields('scope') ?? cloudPlatform;
    const issued = issueToken(parts, { name, scope }, nonce);
    return { ...issued, issued_token_type: typeOf('access_token') };
  });
}

function providerOf(audience: string, { directory }: ExchangeParts) {
  const shape = /^\/\/(iam\.googleapis\.com\/.+\/workloadIdentityPools\/[^/]+)\/providers\/[^/]+$/;
  const [, pool] = shape.exec(audience) ?? [];
  if (pool === undefined) {
    throw new OauthProblem(
      'invalid_request',
      'Invalid value for "audience". This value should be the full resource name of the ' +
        'Identity Provider. See ' +
        'https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of ' +
        'possible formats.',
    );
  }
  const provider = directory.providers.find((one) => one.audience === audience);
  if (provider === undefined) {
    throw new OauthProblem(
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid. This might either ' +
        "be because the pool or provider is disabled or deleted or because it doesn't exist.",
    );
  }
  return { pool, provider };
}

function subjectOf(fields: OauthFields, provider: PoolProvider, parts: ExchangeParts): string {
  const type = fields('subject_token_type') ?? '';
  const token = fields('subject_token') ?? '';
  if (!subjectTypes[provider.kind].includes(type)) {
    throw new OauthProblem('invalid_request', 'Invalid value for "subject_token_type".');
  }
  return provider.kind === 'aws'
    ? awsSubject(token, provider.audience, parts)
    : oidcSubject(token, provider, parts.now());
}

function oidcSubject(
  token: string,
  provider: PoolProvider & { readonly kind: 'oidc' },
  now: Date,
): string {
  const jwt = readJwt(token);
  if (jwt === undefined) throw invalid('Unable to parse the ID Token.');
  const { iss, aud, sub, iat, exp } = jwt.claims;
  if (iss !== provider.issuer) {
    throw invalid(
      `The issuer in ID Token ${iss} does not match the expected ones: ${provider.issuer}`,
    );
  }
  const keys = keysOf(provider.publicKeys, jwt.header.kid);
  if (!keys.some(jwt.isSignedBy)) throw invalid('Invalid signature for ID Token.');
  if (aud !== provider.audience && aud !== `https:${provider.audience}`) {
    throw invalid(
      `The audience in ID Token [${aud}] does not match the expected audience ` +
        `[https:${provider.audience}].`,
    );
  }
  const seconds = now.getTime() / 1000;
  if (!isInteger(iat) || !isInteger(exp) || exp <= seconds || iat > seconds + skewSeconds) {
    throw invalid(`ID Token issued at ${iat} is stale to sign-in.`);
  }
  if (typeof sub !== 'string' || sub === '' || sub.length > 127) {
    throw invalid('The mapped attribute google.subject must be of type STRING.');
  }
  return sub;
}

function invalid(description: string): OauthProblem {
  return new OauthProblem('invalid_grant', description);
}
