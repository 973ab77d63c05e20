// What clients see when they are refused: name, status and words, through the real SDKs where they
// can be made to do wrong, and in the answer's own bytes where they cannot.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Test, test } from 'tap';
import { systemClock } from '../../../injectors/determinism.ts';
import { defaultIdentities, exampleApiKey, exampleKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, type MocksOptions, startMocks } from '../../../mocks/server.ts';
import { claude } from '../../fixtures/bedrock-answer.ts';
import { captureHttp1, replay } from '../../fixtures/captured-request.ts';
import {
  ask,
  askAnthropic,
  askHttp1,
  exampleCredentials,
  presigned,
  signedClient,
  signer,
} from '../../fixtures/signed-clients.ts';

test('a known key is let in, whichever client and transport brings it', async (t) => {
  const { url } = await verifyingMocks(t);
  t.equal((await ask(url)).stopReason, 'end_turn');
  t.equal((await askHttp1(url)).stopReason, 'end_turn');
  t.equal((await askAnthropic(url)).stop_reason, 'end_turn');
});

test('a key that nobody issued is UnrecognizedClientException', async (t) => {
  const { url } = await verifyingMocks(t);
  const credentials = { ...exampleCredentials, accessKeyId: 'AKIDUNKNOWNEXAMPLE' };
  await t.rejects(ask(url, { credentials }), {
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
    $metadata: { httpStatusCode: 403 },
  });
  const message = '403 The security token included in the request is invalid.';
  await t.rejects(askAnthropic(url, credentials), { status: 403, message });
});

test('a wrong secret is InvalidSignatureException', async (t) => {
  const { url } = await verifyingMocks(t);
  const credentials = { ...exampleCredentials, secretAccessKey: 'wrong' };
  await t.rejects(ask(url, { credentials }), {
    name: 'InvalidSignatureException',
    message: /^The request signature we calculated does not match the signature you provided\./,
    $metadata: { httpStatusCode: 403 },
  });
});

test('a token that does not belong to its key is UnrecognizedClientException', async (t) => {
  const { url } = await verifyingMocks(t);
  const credentials = { ...exampleCredentials, sessionToken: 'AnyToken' };
  await t.rejects(ask(url, { credentials }), { name: 'UnrecognizedClientException' });
});

test('a session past its end is ExpiredTokenException, one before it is let in', async (t) => {
  const session = (expiresAt: string) => ({
    identities: [
      {
        ...user,
        accessKeys: [{ ...exampleKey, sessionToken: 'SessionToken', expiresAt }],
      },
    ],
  });
  const credentials = { ...exampleCredentials, sessionToken: 'SessionToken' };
  const late = await verifyingMocks(t, session('2020-01-01T00:00:00Z'));
  await t.rejects(ask(late.url, { credentials }), {
    name: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  });
  const early = await verifyingMocks(t, session('2999-01-01T00:00:00Z'));
  t.equal((await ask(early.url, { credentials })).stopReason, 'end_turn');
});

test('a wrong clock is refused once, then the SDK mends it with the Date header', async (t) => {
  const mocks = await verifyingMocks(t);
  for (const offsetMs of [-3_600_000, 3_600_000, 120_000]) {
    const { stdout } = await run(process.execPath, [skewedClient, mocks.url, String(offsetMs)]);
    t.same(JSON.parse(stdout), { attempts: Math.abs(offsetMs) > 300_000 ? 2 : 1 }, `${offsetMs}`);
  }
  const endings = mocks.journal.since(0).map(({ ending }) => ending);
  t.same(endings, ['refused', 'complete', 'refused', 'complete', 'complete']);
});

test("a skewed clock that is not mended gets the service's words", async (t) => {
  const { url } = await verifyingMocks(t);
  const slow = /^Signature expired: \w+Z is now earlier than \w+Z \(\w+Z - 5 min\.\)$/;
  const fast = /^Signature not yet current: \w+Z is still later than \w+Z \(\w+Z \+ 5 min\.\)$/;
  for (const [systemClockOffset, message] of [
    [-400_000, slow],
    [400_000, fast],
  ] as const) {
    const name = 'InvalidSignatureException';
    await t.rejects(askHttp1(url, { systemClockOffset }), { name, message });
  }
  for (const systemClockOffset of [-200_000, 200_000]) {
    t.equal((await askHttp1(url, { systemClockOffset })).stopReason, 'end_turn');
  }
});

test('another region is right, unless the Host header names one', async (t) => {
  const mocks = await verifyingMocks(t);
  t.equal((await ask(mocks.url, { region: 'eu-west-3' })).stopReason, 'end_turn');
  const host = 'bedrock-runtime.eu-west-1.amazonaws.com';
  const request = await presigned(host);
  const reply = await replay(request, mocks);
  t.equal(`${reply.status} ${reply.errorType}`, '403 InvalidSignatureException');
  t.same(JSON.parse(reply.body), { message: 'Credential should be scoped to a valid region. ' });
});

test('a presigned URL past its end is refused, one within it is let in', async (t) => {
  const mocks = await verifyingMocks(t);
  const tenMinutesAgo = ago(600_000);
  const late = await presigned('127.0.0.1', { expiresIn: 500, at: tenMinutesAgo });
  t.equal((await replay(late, mocks)).errorType, 'InvalidSignatureException');
  const inTime = await presigned('127.0.0.1', { expiresIn: 700, at: tenMinutesAgo });
  t.equal((await replay(inTime, mocks)).status, 200);
});

test('no credentials, unreadable ones and another service have their own words', async (t) => {
  const mocks = await verifyingMocks(t);
  const request = await captureHttp1((url) => askHttp1(url));
  const refusal = async (authorization: string | undefined) => {
    const others = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
    const own = authorization === undefined ? [] : [['authorization', authorization] as const];
    const { status, errorType, body } = await replay(
      { ...request, headers: [...others, ...own] },
      mocks,
    );
    return { status, errorType, ...JSON.parse(body) };
  };
  t.same(await refusal(undefined), {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  });
  t.match(
    await refusal('AWS4-HMAC-SHA256 Credential=AKID/20250101/us-east-1/bedrock/aws4_request'),
    {
      status: 403,
      errorType: 'IncompleteSignatureException',
      message:
        /^Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. \(Hashed with SHA-256/,
    },
  );
  const scope = 'AKID/20250101/us-east-1/s3/aws4_request';
  const other = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`;
  t.match(await refusal(other), {
    errorType: 'InvalidSignatureException',
    message:
      /^Credential should be scoped to correct service: 'bedrock'\. Date in Credential scope/,
  });
});

test('a secret never comes back in a refusal', async (t) => {
  const mocks = await verifyingMocks(t);
  const request = await captureHttp1((url) => askHttp1(url));
  const headers = request.headers.map(([name, value]): [string, string] => [
    name,
    value.replace('SignedHeaders=', 'Signed='),
  ]);
  const { body } = await replay({ ...request, headers }, mocks);
  t.match(body, 'Authorization=');
  t.notMatch(body, /Signature=|Credential=/);
});

test("denied models are AccessDeniedException in the policy's words, others are answered", async (t) => {
  const identities = [{ ...user, deniedModels: ['anthropic.claude-3-haiku*'] }];
  const { url } = await verifyingMocks(t, { identities });
  await t.rejects(ask(url), {
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:iam::123456789012:user/leakbed is not authorized to perform: ' +
      'bedrock:InvokeModel on resource: ' +
      `arn:aws:bedrock:us-east-1::foundation-model/${claude} because no identity-based policy ` +
      'allows the bedrock:InvokeModel action',
  });
  const client = signedClient(url);
  t.teardown(() => client.destroy());
  const allowed = new ConverseCommand({ modelId: 'amazon.nova-lite-v1:0', messages: hello });
  t.equal((await client.send(allowed)).stopReason, 'end_turn');
});

test("a model without access is AccessDeniedException in the service's words", async (t) => {
  const identities = [{ ...user, unavailableModels: ['anthropic.*'] }];
  const { url } = await verifyingMocks(t, { identities });
  const message = "You don't have access to the model with the specified model ID.";
  await t.rejects(ask(url), { name: 'AccessDeniedException', message });
});

test('a long-term API key is let in, a wrong one is not', async (t) => {
  const { url } = await verifyingMocks(t);
  t.equal((await ask(url, bearer(exampleApiKey))).stopReason, 'end_turn');
  await t.rejects(ask(url, bearer('ABSKwrong')), {
    name: 'AccessDeniedException',
    message: 'Authentication failed: Please make sure your API Key is valid.',
    $metadata: { httpStatusCode: 403 },
  });
  const message = 'Invalid API Key format: Must start with pre-defined prefix';
  await t.rejects(ask(url, bearer('sk-wrong')), { message });
});

test('a short-term API key made from a known access key is let in until it expires', async (t) => {
  const { url } = await verifyingMocks(t);
  t.equal((await ask(url, bearer(await shortTermKey()))).stopReason, 'end_turn');
  const secretAccessKey = 'wrong';
  const forged = await shortTermKey({ ...exampleCredentials, secretAccessKey });
  const invalid = 'Authentication failed: Please make sure your API Key is valid.';
  await t.rejects(ask(url, bearer(forged)), { message: invalid });
  const yesterday = ago(86_400_000);
  const old = await shortTermKey(exampleCredentials, yesterday);
  await t.rejects(ask(url, bearer(old)), { message: 'Bearer Token has expired' });
});

const run = promisify(execFile);
const ago = (ms: number) => new Date(systemClock.wallTime().getTime() - ms);
const skewedClient = fileURLToPath(import.meta.resolve('../../fixtures/skewed-client.ts'));
const hello = [{ role: 'user' as const, content: [{ text: 'Hello.' }] }];
const [user] = defaultIdentities as [(typeof defaultIdentities)[number]];

async function verifyingMocks(t: Test, options: MocksOptions = {}): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 3, auth: 'verify', ...options });
  t.teardown(() => mocks.close());
  return mocks;
}

function bearer(key: string) {
  return {
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    requestHandler: new NodeHttpHandler(),
  };
}

/** As AWS's token generators do it: presign, drop the scheme, append the version, base64. */
async function shortTermKey(credentials = exampleCredentials, signingDate = new Date()) {
  const host = 'bedrock.amazonaws.com';
  const { query } = await signer(credentials).presign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host },
      query: { Action: 'CallWithBearerToken' },
    },
    { expiresIn: 43_200, signingDate },
  );
  const text = Object.entries(query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `bedrock-api-key-${Buffer.from(`${host}/?${text}&Version=1`).toString('base64')}`;
}
