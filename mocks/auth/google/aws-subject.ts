// A subject token of AWS: a GetCallerIdentity request, signed and not sent, which the token service
// sends in the client's place. Here the signature is verified, as AWS would.
// Source: "Access Google Cloud from AWS" (IAM); AIP-4117.

import { AuthRefusal } from '../auth-refusal.ts';
import { headerOf, type SignedRequest } from '../signed-request.ts';
import { verifySigV4 } from '../sigv4.ts';
import { OauthProblem, objectIn } from './oauth.ts';
import type { ExchangeParts } from './token-exchange.ts';

/** The ARN of who has signed. */
export function awsSubject(token: string, audience: string, parts: ExchangeParts): string {
  const request = readSigned(token);
  if (headerOf(request, 'x-goog-cloud-target-resource') !== audience) {
    throw invalid('The x-goog-cloud-target-resource header does not match the audience.');
  }
  try {
    const verified = verifySigV4(request, { ...parts, service: 'sts' });
    return verified.principal.arn;
  } catch (error) {
    if (!(error instanceof AuthRefusal)) throw error;
    throw invalid(`Received invalid AWS response with error message: ${error.message}`);
  }
}

function readSigned(token: string): SignedRequest {
  const { url, method, headers } = objectIn(Buffer.from(decoded(token))) ?? {};
  if (typeof url !== 'string' || !URL.canParse(url) || !Array.isArray(headers)) throw unreadable();
  const { hostname, pathname, search, searchParams } = new URL(url);
  const isCallerIdentity = searchParams.get('Action') === 'GetCallerIdentity';
  if (!isCallerIdentity || !/^sts(?:\.[\w-]+)?\.amazonaws\.com$/.test(hostname)) throw unreadable();
  const rawHeaders = headers.flatMap((one: unknown) => {
    const { key, value } = Object(one) as Readonly<Record<string, unknown>>;
    return typeof key === 'string' && typeof value === 'string' ? [key, value] : [];
  });
  const target = `${pathname}${search}`;
  return { method: String(method), target, rawHeaders, body: Buffer.alloc(0) };
}

function decoded(token: string): string {
  try {
    // Go writes a blank as `+`, all others as `%20`.
    return decodeURIComponent(token.replaceAll('+', ' '));
  } catch {
    throw unreadable();
  }
}

function unreadable(): OauthProblem {
  return invalid('Unable to parse the AWS GetCallerIdentity token.');
}

function invalid(description: string): OauthProblem {
  return new OauthProblem('invalid_grant', description);
}
