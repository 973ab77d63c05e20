// What Google's token endpoints share: fields from a form or from JSON, errors and answers as they
// print them. Source: RFC 6749 sections 4 and 5.

import { type PlainAnswer, plainJson } from '../plain-answer.ts';
import { headerOf, type SignedRequest } from '../signed-request.ts';
import type { AccessTokens } from './access-token.ts';
import type { GoogleDirectory } from './directory.ts';
import type { SigningKey } from './signing-key.ts';

export interface GoogleParts {
  readonly directory: GoogleDirectory;
  readonly tokens: AccessTokens;
  /** False: everybody is the directory's first account. */
  readonly isVerifying: boolean;
  /** Signs identity tokens; made when first asked for. */
  key(): SigningKey;
  now(): Date;
}

export class OauthProblem extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, description: string, status = 400) {
    super(description);
    this.name = 'OauthProblem';
    this.code = code;
    this.status = status;
  }
}

export type OauthFields = (name: string) => string | undefined;

/** The reply of `run`, or the error it throws, as these endpoints print it. */
export function oauthAnswer(request: SignedRequest, run: (fields: OauthFields) => object) {
  if (request.method !== 'POST') return printed(405, { error: 'method_not_allowed' });
  try {
    return printed(200, run(fieldsOf(request)));
  } catch (error) {
    if (!(error instanceof OauthProblem)) throw error;
    return printed(error.status, { error: error.code, error_description: error.message });
  }
}

/** Credentials are in the answer, so nobody may keep it. */
function printed(status: number, body: object): PlainAnswer {
  const { headers } = plainJson(status, body);
  return {
    status,
    headers: {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate',
    },
    body: Buffer.from(JSON.stringify(body, null, 2)),
  };
}

function fieldsOf(request: SignedRequest): OauthFields {
  const type = headerOf(request, 'content-type') ?? '';
  if (!type.startsWith('application/json')) {
    const params = new URLSearchParams(request.body.toString());
    return (name) => params.get(name) ?? undefined;
  }
  const given = objectIn(request.body);
  if (given === undefined) throw new OauthProblem('invalid_request', 'Bad Request');
  return (name) => {
    // STS spells the same names in camel case when they come as JSON.
    const camelCase = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = given[name] ?? given[camelCase];
    return typeof value === 'string' ? value : undefined;
  };
}

export function objectIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A fresh access token and what clients want to know of it. */
export function issueToken(
  { directory, tokens, now }: GoogleParts,
  grant: { readonly name: string; readonly scope: string },
  nonce: string,
): { readonly access_token: string; readonly expires_in: number; readonly token_type: 'Bearer' } {
  const expiresAt = new Date(now().getTime() + directory.tokenSeconds * 1000);
  return {
    access_token: tokens.issue({ ...grant, expiresAt }, nonce),
    expires_in: directory.tokenSeconds,
    token_type: 'Bearer',
  };
}
