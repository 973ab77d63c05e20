// 200 seeded changes of one character in each kind of Google credential: what was issued is let in,
// every change of it is refused, with the error that follows from the place that was changed.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { gatewayEmail, googleIssuer, oidcAudience } from '../../../mocks/auth/google/directory.ts';
import { identityToken } from '../../../mocks/auth/google/identity-token.ts';
import type { Mocks } from '../../../mocks/server.ts';
import {
  assertion,
  exchangeGrant,
  googleMocks,
  key,
  postAssertion,
  postForm,
  selfSigned,
} from '../../fixtures/google-mocks.ts';
import { geminiBody, vertexPath } from '../../fixtures/raw-clients.ts';

const count = 200;
const seed = 41;

for (const kind of ['an access token', 'a self-signed JWT'] as const) {
  test(`${count} changes of ${kind} are unknown tokens`, async (t) => {
    const { mocks, token } = await googleMocks(t);
    const good = kind === 'an access token' ? token() : selfSigned();
    t.match(await ask(mocks, good), { status: 200 });
    for (const changed of changes(good)) {
      const refused = { status: 401, reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED' };
      t.same(await ask(mocks, changed.text), refused, changed.what);
    }
  });
}

test(`${count} changes of an assertion give no token`, async (t) => {
  const { mocks } = await googleMocks(t);
  const good = assertion();
  t.equal((await postAssertion(mocks, good)).status, 200);
  for (const { text, what } of changes(good)) {
    const claims = claimsIn(text);
    const isOther = claims !== undefined && claims.iss !== gatewayEmail;
    const description = isOther ? 'Invalid grant: account not found' : 'Invalid JWT Signature.';
    const body = { error: 'invalid_grant', error_description: description };
    t.same(await postAssertion(mocks, text), { status: 400, body }, what);
  }
});

test(`${count} changes of a subject token give no token`, async (t) => {
  const { mocks } = await googleMocks(t);
  const audience = `https:${oidcAudience}`;
  const good = identityToken({ email: gatewayEmail, audience }, key, new Date());
  const exchange = (subject: string) =>
    postForm(`${mocks.url}/v1/token`, {
      grant_type: exchangeGrant,
      audience: oidcAudience,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token: subject,
    });
  t.equal((await exchange(good)).status, 200);
  for (const { text, what } of changes(good)) {
    const { status, body } = await exchange(text);
    t.match({ status, error: body.error }, { status: 400, error: 'invalid_grant' }, what);
    t.match(body.error_description, expected(text), what);
  }
});

/** What the exchange can say of a changed token, from what the change has left of it. */
function expected(token: string): RegExp {
  const claims = claimsIn(token);
  if (claims === undefined || !isReadable(token)) return /^Unable to parse the ID Token\.$/;
  if (claims.iss !== googleIssuer) return /^The issuer in ID Token /;
  return /^Invalid signature for ID Token\.$/;
}

/** Header and payload are JSON objects, and every part ends in the one way its bytes allow. */
function isReadable(token: string): boolean {
  const parts = token.split('.');
  const isWhole = parts.every(
    (part) => Buffer.from(part, 'base64url').toString('base64url') === part,
  );
  return isWhole && objectIn(parts[0]) !== undefined;
}

function claimsIn(token: string): { readonly iss?: unknown } | undefined {
  return isReadable(token) ? objectIn(token.split('.')[1]) : undefined;
}

function objectIn(part = ''): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function changes(good: string): readonly { readonly text: string; readonly what: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const rng = seededRng(seed).fork(`${good.length}:${index}`);
    const at = rng.integer(0, good.length - 1);
    return { text: changedAt(good, at, rng), what: `change ${index}, character ${at}` };
  });
}

/** Another character, one that is missing, or one too many. */
function changedAt(good: string, at: number, rng: Rng): string {
  const other = rng.pick([...alphabet].filter((char) => char !== good[at]));
  const [before, after] = [good.slice(0, at), good.slice(at + 1)];
  return rng.pick([before + other + after, before + after, before + other + good.slice(at)]);
}

async function ask({ url }: Mocks, token: string) {
  const headers = { authorization: `Bearer ${token}` };
  const init = { method: 'POST', headers, body: geminiBody('[[leakbed chunks=1]]') };
  const response = await fetch(url + vertexPath('generateContent'), init);
  const body = (await response.json()) as { error?: { details: [{ reason: string }] } };
  return { status: response.status, reason: body.error?.details[0].reason };
}
