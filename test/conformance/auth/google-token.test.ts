// The endpoints that give out Google's tokens, in the words of the real ones: token endpoint, token
// exchange, impersonation and metadata server.

import { createHmac } from 'node:crypto';
import { test } from 'tap';
import { cloudPlatform } from '../../../mocks/auth/google/access-token.ts';
import {
  defaultDirectory,
  exampleRefreshToken,
  gatewayEmail,
  googleAccount,
  oidcAudience,
  userEmail,
} from '../../../mocks/auth/google/directory.ts';
import { identityToken } from '../../../mocks/auth/google/identity-token.ts';
import { readJwt } from '../../../mocks/auth/google/jwt.ts';
import type { Mocks } from '../../../mocks/server.ts';
import {
  assertion,
  exchangeGrant,
  googleMocks,
  key,
  nowSeconds,
  postAssertion,
  postForm,
  strangeKey,
} from '../../fixtures/google-mocks.ts';
import { geminiBody, vertexPath } from '../../fixtures/raw-clients.ts';

test('an assertion that the account has signed gives a token that lets in', async (t) => {
  const { mocks } = await googleMocks(t);
  for (const aud of [`${mocks.url}/token`, 'https://oauth2.googleapis.com/token']) {
    const { status, body } = await postAssertion(mocks, assertion({ aud }));
    t.equal(status, 200);
    t.match(body, { token_type: 'Bearer', expires_in: 3599, access_token: /^ya29\.leakbed-fake-/ });
    t.equal(await statusWith(mocks, body.access_token), 200);
  }
});

test('an assertion with a target audience gives an identity token', async (t) => {
  const { mocks } = await googleMocks(t);
  const claims = { scope: undefined, target_audience: 'https://gateway.example' };
  const { body } = await postAssertion(mocks, assertion(claims));
  t.same(Object.keys(body), ['id_token']);
  const jwt = readJwt(String(body.id_token));
  t.match(jwt?.claims, { aud: 'https://gateway.example', email: gatewayEmail });
  const keys = await (await fetch(`${mocks.url}/oauth2/v3/certs`)).json();
  t.match(keys, { keys: [{ kid: jwt?.header.kid, kty: 'RSA' }] });
});

test('what is wrong with an assertion is told in the real words', async (t) => {
  const { mocks } = await googleMocks(t);
  const now = nowSeconds();
  const signature = 'Invalid JWT Signature.';
  const time =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. ' +
    'Check your iat and exp values in the JWT claim.';
  const scope = 'Invalid OAuth scope or ID token audience provided.';
  const wrong: readonly (readonly [string, string, string])[] = [
    ['another key', assertion({}, strangeKey), signature],
    ['a key id that is not known', assertion({}, { ...key, id: 'unknown' }), signature],
    ['no signature', assertion().replace(/[^.]+$/, ''), signature],
    ['alg none', unsigned(), signature],
    ['HMAC with the public key', hmacSigned(), signature],
    ['no JWT', 'nonsense', signature],
    ['an unknown account', assertion({ iss: 'a@b.c' }), 'Invalid grant: account not found'],
    [
      'another audience',
      assertion({ aud: 'https://a.example/token' }),
      'Invalid JWT: Failed audience check.',
    ],
    ['expired', assertion({ iat: now - 7200, exp: now - 3600 }), time],
    ['a clock ten minutes fast', assertion({ iat: now + 600, exp: now + 4200 }), time],
    ['two hours long', assertion({ exp: now + 7200 }), time],
    ['no times', assertion({ iat: undefined, exp: undefined }), time],
    ['no scope', assertion({ scope: undefined }), scope],
    ['a scope that is none', assertion({ scope: 'everything' }), scope],
  ];
  for (const [what, text, description] of wrong) {
    const { status, body } = await postAssertion(mocks, text);
    const error = description === scope ? 'invalid_scope' : 'invalid_grant';
    t.same(
      { status, body },
      { status: 400, body: { error, error_description: description } },
      what,
    );
  }
  const delegated = await postAssertion(mocks, assertion({ sub: userEmail }));
  t.match(delegated, { status: 401, body: { error: 'unauthorized_client' } });
  const skewed = assertion({ iat: now + 240, exp: now + 3840 });
  t.equal((await postAssertion(mocks, skewed)).status, 200, 'four minutes are within bounds');
});

test("a user's refresh token gives an access token and an identity token", async (t) => {
  const { mocks } = await googleMocks(t);
  const { status, body } = await refresh(mocks);
  t.equal(status, 200);
  t.equal(await statusWith(mocks, body.access_token), 200);
  t.match(readJwt(String(body.id_token))?.claims, {
    email: userEmail,
    aud: exampleRefreshToken.clientId,
  });
  const narrow = await refresh(mocks, { scope: 'openid' });
  t.equal(await statusWith(mocks, narrow.body.access_token), 403);
});

test('what is wrong with a refresh is told in the real words', async (t) => {
  const expiresAt = '2020-01-01T00:00:00Z';
  const late = { ...exampleRefreshToken, token: 'late', expiresAt };
  const account = googleAccount({ name: userEmail, refreshTokens: [exampleRefreshToken, late] });
  const { mocks } = await googleMocks(t, { ...defaultDirectory, accounts: [account] });
  const wrong = [
    [{ client_id: 'nobody' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 'Unauthorized'],
    [{ refresh_token: 'wrong' }, 400, 'invalid_grant', 'Bad Request'],
    [{ refresh_token: 'late' }, 400, 'invalid_grant', 'Token has been expired or revoked.'],
    [{ scope: 'https://www.googleapis.com/auth/drive' }, 400, 'invalid_scope', 'Bad Request'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 'Invalid grant_type: password'],
  ] as const;
  for (const [fields, status, error, description] of wrong) {
    const reply = await refresh(mocks, fields);
    t.same(reply, { status, body: { error, error_description: description } });
  }
});

test('the token exchange takes an identity token of its provider, and no other', async (t) => {
  const { mocks } = await googleMocks(t);
  const { status, body } = await exchange(mocks, {});
  t.equal(status, 200);
  t.match(body, { token_type: 'Bearer', issued_token_type: /access_token$/ });
  t.equal(await statusWith(mocks, body.access_token), 200);
  const now = new Date();
  const audience = `https:${oidcAudience}`;
  const late = { email: gatewayEmail, audience, lastsSeconds: -1 };
  const foreign = identityToken({ email: gatewayEmail, audience }, strangeKey, now);
  const elsewhere = identityToken({ email: gatewayEmail, audience: 'a' }, key, now);
  const wrong = [
    [{ audience: 'pool' }, 'invalid_request', /^Invalid value for "audience"\. This value should/],
    [{ audience: `${oidcAudience}x` }, 'invalid_target', /^The target service indicated by/],
    [{ subject_token: 'nonsense' }, 'invalid_grant', /^Unable to parse the ID Token\.$/],
    [{ subject_token: foreign }, 'invalid_grant', /^Invalid signature for ID Token\.$/],
    [{ subject_token: assertion() }, 'invalid_grant', /^The issuer in ID Token .* does not match/],
    [{ subject_token: elsewhere }, 'invalid_grant', /^The audience in ID Token \[a\] does not/],
    [{ subject_token: identityToken(late, key, now) }, 'invalid_grant', /is stale to sign-in\.$/],
    [{ subject_token_type: 'x' }, 'invalid_request', /^Invalid value for "subject_token_type"/],
    [{ grant_type: 'x' }, 'unsupported_grant_type', /^Invalid grant_type: x$/],
  ] as const;
  for (const [fields, error, description] of wrong) {
    const reply = await exchange(mocks, fields);
    t.match(reply, { status: 400, body: { error, error_description: description } });
  }
});

test('a service account is impersonated with a good token, for an hour at most', async (t) => {
  const { mocks, token } = await googleMocks(t);
  const ask = async (bearer: string, email = gatewayEmail, more: object = {}) => {
    const path = `${mocks.url}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
    const response = await fetch(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scope: [cloudPlatform], lifetime: '600s', ...more }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const { status, body } = await ask(token());
  t.equal(status, 200);
  const lasts = new Date(String(body.expireTime)).getTime() / 1000 - nowSeconds();
  t.ok(lasts > 590 && lasts <= 600, `${lasts} s`);
  t.equal(await statusWith(mocks, body.accessToken), 200);
  t.match(await ask('nonsense'), { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } });
  t.match(await ask(token({ scope: 'openid' })), { status: 403 });
  t.match(await ask(token(), gatewayEmail, { lifetime: '7200s' }), { status: 400 });
  t.match(await ask(token(), 'stranger@b.c'), {
    status: 403,
    body: {
      error: { details: [{ metadata: { permission: 'iam.serviceAccounts.getAccessToken' } }] },
    },
  });
});

test('the metadata server answers only who says Metadata-Flavor, and says so itself', async (t) => {
  const { mocks } = await googleMocks(t);
  const account = 'instance/service-accounts/default';
  const ask = async (path: string, headers: Readonly<Record<string, string>> = flavor) => {
    const response = await fetch(`${mocks.url}/computeMetadata/v1/${path}`, { headers });
    t.equal(response.headers.get('metadata-flavor'), 'Google');
    return { status: response.status, text: await response.text() };
  };
  t.same(await ask(`${account}/email`), { status: 200, text: gatewayEmail });
  t.same(await ask('project/project-id'), { status: 200, text: 'leakbed' });
  t.same(await ask('universe/universe-domain'), { status: 200, text: 'googleapis.com' });
  t.match((await ask(`${account}/scopes`)).text, cloudPlatform);
  t.match(JSON.parse((await ask(`${account}/?recursive=true`)).text), { email: gatewayEmail });
  const { access_token: token } = JSON.parse((await ask(`${account}/token`)).text);
  t.equal(await statusWith(mocks, token), 200);
  const narrow = JSON.parse((await ask(`${account}/token?scopes=openid`)).text);
  t.equal(await statusWith(mocks, narrow.access_token), 403);
  const identity = readJwt((await ask(`${account}/identity?audience=me`)).text);
  t.match(identity?.claims, { aud: 'me', email: gatewayEmail });
  t.equal((await ask(`${account}/identity`)).status, 400);
  t.equal((await ask(`${account}/token`, {})).status, 403);
  t.equal((await ask(`${account}/token`, { ...flavor, 'x-forwarded-for': '1.1.1.1' })).status, 403);
  t.equal((await ask('instance/nothing')).status, 404);
});

test('with auth off every endpoint gives a token and reads nothing', async (t) => {
  const { mocks } = await googleMocks(t, defaultDirectory, { auth: 'off' });
  t.equal((await postAssertion(mocks, 'nonsense')).status, 200);
  t.equal((await refresh(mocks, { client_id: 'nobody' })).status, 200);
  t.equal((await exchange(mocks, { subject_token: 'nonsense' })).status, 200);
});

test("replicas with the same accounts take each other's tokens, others do not", async (t) => {
  const [one, same] = [await googleMocks(t), await googleMocks(t)];
  const other = await googleMocks(t, { ...defaultDirectory, project: 'other' });
  const { body } = await postAssertion(one.mocks, assertion());
  t.equal(await statusWith(same.mocks, body.access_token), 200);
  t.equal(await statusWith(other.mocks, body.access_token), 401);
});

const flavor = { 'Metadata-Flavor': 'Google' };

async function statusWith({ url }: Mocks, token: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const init = { method: 'POST', headers, body: geminiBody('[[leakbed chunks=1]]') };
  return (await fetch(url + vertexPath('generateContent'), init)).status;
}

function refresh({ url }: Mocks, fields: Readonly<Record<string, string>> = {}) {
  return postForm(`${url}/token`, {
    grant_type: 'refresh_token',
    client_id: exampleRefreshToken.clientId,
    client_secret: exampleRefreshToken.clientSecret,
    refresh_token: exampleRefreshToken.token,
    ...fields,
  });
}

function exchange({ url }: Mocks, fields: Readonly<Record<string, string>>) {
  const identified = { email: gatewayEmail, audience: `https:${oidcAudience}` };
  return postForm(`${url}/v1/token`, {
    grant_type: exchangeGrant,
    audience: oidcAudience,
    scope: cloudPlatform,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: identityToken(identified, key, new Date()),
    ...fields,
  });
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A verifier that takes the token's word for its algorithm lets these two in. */
function unsigned(): string {
  return `${encode({ alg: 'none' })}.${assertion().split('.')[1]}.`;
}

function hmacSigned(): string {
  const text = `${encode({ alg: 'HS256', kid: key.id })}.${assertion().split('.')[1]}`;
  return `${text}.${createHmac('sha256', key.publicPem).update(text).digest('base64url')}`;
}
