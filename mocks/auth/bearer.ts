// Bedrock API keys, sent as bearer tokens. A long-term key (`ABSK…`) is one of the account's data.
// A short-term key (`bedrock-api-key-…`) is a presigned URL in base64: whoever has an access key
// makes one offline, so it is verified like any signature. Source: "Amazon Bedrock API keys" (User
// Guide) and AWS's aws-bedrock-token-generator libraries.

import type { Principal } from './accounts.ts';
import { AuthRefusal } from './auth-refusal.ts';
import { type VerifierParts, verifySigV4 } from './sigv4.ts';

const shortTermPrefix = 'bedrock-api-key-';
const prefixes = ['ABSK', shortTermPrefix];
/** The host every generator signs, whatever the region. */
const tokenHost = 'bedrock.amazonaws.com';

export function verifyBearer(key: string, parts: VerifierParts): Principal {
  if (!prefixes.some((prefix) => key.startsWith(prefix))) {
    throw badKey('Invalid API Key format: Must start with pre-defined prefix');
  }
  const known = parts.accounts.findApiKey(key);
  if (known !== undefined) return known;
  if (!key.startsWith(shortTermPrefix)) throw invalidKey();
  const url = Buffer.from(key.slice(shortTermPrefix.length), 'base64').toString();
  // The generators append the version after they have signed.
  const target = url.slice(tokenHost.length).replace(/&Version=1$/, '');
  if (!url.startsWith(`${tokenHost}/?`) || !target.includes('Action=CallWithBearerToken')) {
    throw invalidKey();
  }
  const rawHeaders = ['host', tokenHost];
  const request = { method: 'POST', target, rawHeaders, body: Buffer.alloc(0) };
  try {
    return verifySigV4(request, parts).principal;
  } catch (error) {
    if (!(error instanceof AuthRefusal)) throw error;
    const isLate =
      error.reason === 'expired-token' || error.message.startsWith('Signature expired');
    throw isLate ? badKey('Bearer Token has expired') : invalidKey();
  }
}

function invalidKey(): AuthRefusal {
  return badKey('Authentication failed: Please make sure your API Key is valid.');
}

function badKey(message: string): AuthRefusal {
  return new AuthRefusal('bad-api-key', message);
}
