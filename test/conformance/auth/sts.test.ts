// STS, instance metadata and container credentials asked without an SDK: their answers' own shape,
// and what they refuse. Requests to STS are signed by AWS's signer.

import { type Test, test } from 'tap';
import { exampleKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, type MocksOptions, startMocks } from '../../../mocks/server.ts';
import { type Credentials, exampleCredentials, signer } from '../../fixtures/signed-clients.ts';

const roleArn = 'arn:aws:iam::123456789012:role/path/gateway';

test('GetCallerIdentity says who signed', async (t) => {
  const { text, status } = await sts(await verifyingMocks(t), { Action: 'GetCallerIdentity' });
  t.equal(status, 200);
  t.equal(element(text, 'Arn'), 'arn:aws:iam::123456789012:user/leakbed');
  t.equal(element(text, 'Account'), '123456789012');
  t.match(element(text, 'UserId'), /^AIDA[A-Z2-7]{17}$/);
  t.match(text, '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">');
});

test('AssumeRole gives a session, and the session is who it says', async (t) => {
  const mocks = await verifyingMocks(t);
  const { text } = await sts(mocks, assume());
  t.equal(element(text, 'Arn'), 'arn:aws:sts::123456789012:assumed-role/gateway/session-1');
  t.match(element(text, 'AssumedRoleId'), /^AROA[A-Z2-7]{17}:session-1$/);
  t.match(element(text, 'AccessKeyId'), /^ASIA[A-Z2-7]{16}$/);
  t.match(element(text, 'Expiration'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const session = credentialsIn(text);
  const again = await sts(mocks, { Action: 'GetCallerIdentity' }, session);
  t.equal(element(again.text, 'Arn'), element(text, 'Arn'));
});

test('no two sessions have the same keys', async (t) => {
  const mocks = await verifyingMocks(t);
  const [a, b] = [await sts(mocks, assume()), await sts(mocks, assume())];
  t.not(element(a.text, 'AccessKeyId'), element(b.text, 'AccessKeyId'));
});

test("a session's key with another session's token is refused", async (t) => {
  const mocks = await verifyingMocks(t);
  const a = credentialsIn((await sts(mocks, assume())).text);
  const b = credentialsIn((await sts(mocks, assume())).text);
  const mixed = { ...a, sessionToken: b.sessionToken ?? '' };
  const { status, text } = await sts(mocks, { Action: 'GetCallerIdentity' }, mixed);
  t.equal(`${status} ${element(text, 'Code')}`, '403 InvalidClientTokenId');
});

test("replicas with the same accounts take each other's sessions, others do not", async (t) => {
  const session = credentialsIn((await sts(await verifyingMocks(t), assume())).text);
  const who = { Action: 'GetCallerIdentity' };
  t.equal((await sts(await verifyingMocks(t), who, session)).status, 200);
  const arn = 'arn:aws:iam::123456789012:user/else';
  const accessKeys = [{ ...exampleKey, secret: 'another secret' }];
  const nothing = { accessKeys: [], apiKeys: [], deniedModels: [], unavailableModels: [] };
  const identities = [
    { ...nothing, arn, accessKeys },
    { ...nothing, arn: 'arn:aws:iam::*:role/*' },
  ];
  t.equal((await sts(await verifyingMocks(t, { identities }), who, session)).status, 403);
});

test('what STS refuses has its own codes', async (t) => {
  const mocks = await verifyingMocks(t);
  const code = async (params: Record<string, string>, key?: Credentials) => {
    const { status, text } = await sts(mocks, params, key);
    return `${status} ${element(text, 'Code')}`;
  };
  const who = { Action: 'GetCallerIdentity' };
  t.equal(await code({ Action: 'GetNothing' }), '400 InvalidAction');
  t.equal(await code({ ...who, Version: '2010-01-01' }), '400 InvalidAction');
  t.equal(await code(assume({ DurationSeconds: '899' })), '400 ValidationError');
  t.equal(await code(assume({ RoleSessionName: 'no blanks' })), '400 ValidationError');
  t.equal(await code(assume({ RoleArn: 'gateway' })), '400 ValidationError');
  const wrong = { ...exampleCredentials, secretAccessKey: 'wrong' };
  t.equal(await code(who, wrong), '403 SignatureDoesNotMatch');
  const unknown = { ...exampleCredentials, accessKeyId: 'AKIDUNKNOWNEXAMPLE' };
  t.equal(await code(who, unknown), '403 InvalidClientTokenId');
  const bare = await fetch(mocks.url, { method: 'POST', body: form(who) });
  t.equal(bare.status, 403);
  t.equal(element(await bare.text(), 'Code'), 'MissingAuthenticationToken');
});

test('every broken constraint of AssumeRole is named at once', async (t) => {
  const { text } = await sts(await verifyingMocks(t), { Action: 'AssumeRole' });
  t.match(
    element(text, 'Message'),
    /^2 validation errors detected: .*'roleArn'.*'roleSessionName'/,
  );
});

test('a role that the accounts do not know cannot be assumed', async (t) => {
  const nothing = { apiKeys: [], deniedModels: [], unavailableModels: [] };
  const arn = 'arn:aws:iam::123456789012:user/leakbed';
  const identities = [{ ...nothing, arn, accessKeys: [exampleKey] }];
  const { status, text } = await sts(await verifyingMocks(t, { identities }), assume());
  t.equal(`${status} ${element(text, 'Code')}`, '403 AccessDenied');
  t.equal(
    element(text, 'Message'),
    `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
});

test('a web identity token must be a JWT and in time', async (t) => {
  const mocks = await verifyingMocks(t);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const code = async (token: string) => {
    const params = { ...assume(), Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token };
    const answer = await fetch(mocks.url, { method: 'POST', body: form(params) });
    return `${answer.status} ${element(await answer.text(), 'Code')}`;
  };
  const head = encode({ alg: 'RS256' });
  t.equal(await code('nonsense'), '400 InvalidIdentityToken');
  t.equal(await code(`${head}.${encode({ exp: 1_000_000 })}.sig`), '400 ExpiredTokenException');
  t.equal(await code(`${head}.${encode({ exp: 9_999_999_999 })}.sig`), '200 ');
});

test('instance metadata wants a token first', async (t) => {
  const { url } = await verifyingMocks(t);
  const role = `${url}/latest/meta-data/iam/security-credentials/`;
  t.equal((await fetch(role)).status, 401);
  const ttl = 'x-aws-ec2-metadata-token-ttl-seconds';
  const token = (seconds: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/latest/api/token`, { method: 'PUT', headers: { [ttl]: seconds, ...headers } });
  t.equal((await token('0')).status, 400);
  t.equal((await token('60', { 'x-forwarded-for': '10.0.0.1' })).status, 403);
  const good = await token('60');
  t.equal(good.headers.get(ttl), '60');
  const headers = { 'x-aws-ec2-metadata-token': await good.text() };
  t.equal(await (await fetch(role, { headers })).text(), 'leakbed-instance');
  const wrong = { 'x-aws-ec2-metadata-token': `${headers['x-aws-ec2-metadata-token']}A` };
  t.equal((await fetch(role, { headers: wrong })).status, 401);
  const given = await (await fetch(`${role}leakbed-instance`, { headers })).json();
  t.match(given, { Code: 'Success', Type: 'AWS-HMAC', AccessKeyId: /^ASIA/, Expiration: String });
  t.equal((await fetch(`${url}/latest/meta-data/nothing`, { headers })).status, 404);
});

test('container credentials come in the shape of their platform', async (t) => {
  const { url } = await verifyingMocks(t);
  const ecs = await (await fetch(`${url}/v2/credentials/any-id`)).json();
  t.match(ecs, { RoleArn: /role/, AccessKeyId: /^ASIA/, Token: String, Expiration: String });
  t.equal((await fetch(`${url}/v1/credentials`)).status, 400);
  const headers = { authorization: 'service account token' };
  const eks = await (await fetch(`${url}/v1/credentials`, { headers })).json();
  t.match(eks, { AccountId: '123456789012', AccessKeyId: /^ASIA/ });
});

async function verifyingMocks(t: Test, options: MocksOptions = {}): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 3, auth: 'verify', ...options });
  t.teardown(() => mocks.close());
  return mocks;
}

const form = (params: Readonly<Record<string, string>>) =>
  new URLSearchParams({ Version: '2011-06-15', ...params });

function assume(params: Readonly<Record<string, string>> = {}) {
  return { Action: 'AssumeRole', RoleArn: roleArn, RoleSessionName: 'session-1', ...params };
}

async function sts(
  mocks: Mocks,
  params: Readonly<Record<string, string>>,
  credentials: Credentials = exampleCredentials,
) {
  const body = String(form(params));
  const headers = {
    host: `${mocks.host}:${mocks.port}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const signed = await signer(credentials, { service: 'sts' }).sign({
    method: 'POST',
    protocol: 'http:',
    hostname: mocks.host,
    path: '/',
    headers,
    body,
  });
  const answer = await fetch(mocks.url, { method: 'POST', headers: signed.headers, body });
  return { status: answer.status, text: await answer.text() };
}

function element(text: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
}

function credentialsIn(text: string): Credentials {
  return {
    accessKeyId: element(text, 'AccessKeyId'),
    secretAccessKey: element(text, 'SecretAccessKey'),
    sessionToken: element(text, 'SessionToken'),
  };
}
