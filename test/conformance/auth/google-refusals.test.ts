// What Vertex AI's clients are told under --auth verify: status, words and ErrorInfo, the same over
// REST (object, array, SSE), gRPC and the upgrade to a WebSocket, beside a request that is let in.

import { connect as connectHttp2 } from 'node:http2';
import { type Test, test } from 'tap';
import { WebSocket } from 'ws';
import {
  defaultDirectory,
  exampleGoogleKey,
  googleAccount,
} from '../../../mocks/auth/google/directory.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { rpcType } from '../../../mocks/vertex/protos.ts';
import { googleMocks, selfSigned, strangeKey } from '../../fixtures/google-mocks.ts';
import { geminiBody, grpcBody, vertexPath } from '../../fixtures/raw-clients.ts';

const usual =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential.';
const realm = 'Bearer realm="https://accounts.google.com/"';
const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';

interface Case {
  readonly headers: Readonly<Record<string, string>>;
  readonly http: number;
  readonly grpc: number;
  readonly status: string;
  readonly message: RegExp;
  readonly reason: string;
  readonly challenge: string | undefined;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const unauthenticated = { http: 401, grpc: 16, status: 'UNAUTHENTICATED' } as const;
const invalid = {
  ...unauthenticated,
  message: new RegExp(`^Request had invalid authentication credentials\\. ${usual}`),
  challenge: `${realm}, error="invalid_token"`,
};
const unsupported = { ...invalid, reason: 'ACCESS_TOKEN_TYPE_UNSUPPORTED' };
const expired = { ...invalid, reason: 'ACCESS_TOKEN_EXPIRED' };
const badKey = {
  http: 400,
  grpc: 3,
  status: 'INVALID_ARGUMENT',
  reason: 'API_KEY_INVALID',
  challenge: undefined,
} as const;
const noScope = {
  http: 403,
  grpc: 7,
  status: 'PERMISSION_DENIED',
  message: /^Request had insufficient authentication scopes\.$/,
  reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  challenge: `${realm}, error="insufficient_scope", scope="${cloudPlatform}"`,
} as const;

const directory = {
  ...defaultDirectory,
  accounts: [
    ...defaultDirectory.accounts,
    googleAccount({
      name: 'late@leakbed.iam.gserviceaccount.com',
      apiKeys: [{ key: 'late-key', expiresAt: '2020-01-01T00:00:00Z' }],
    }),
  ],
};

type Tokens = Awaited<ReturnType<typeof googleMocks>>['token'];

function cases(token: Tokens): Readonly<Record<string, Case>> {
  const late = Math.floor(Date.UTC(2020, 0) / 1000);
  return {
    'no credentials': {
      ...unauthenticated,
      headers: {},
      message: new RegExp(`^Request is missing required authentication credential\\. ${usual}`),
      reason: 'CREDENTIALS_MISSING',
      challenge: realm,
    },
    'a token that is none': { ...unsupported, headers: bearer('ya29.nonsense') },
    'another scheme': { ...unsupported, headers: { authorization: 'Basic dTpw' } },
    'a token of nobody here': { ...unsupported, headers: bearer(token({ name: 'a@b.c' })) },
    'an expired token': { ...expired, headers: bearer(token({ lastsSeconds: -1 })) },
    'a token without the scope': { ...noScope, headers: bearer(token({ scope: 'openid email' })) },
    'a read-only token': {
      ...noScope,
      headers: bearer(token({ scope: `${cloudPlatform}.read-only` })),
    },
    'a JWT that somebody else has signed': {
      ...unsupported,
      headers: bearer(selfSigned({}, strangeKey)),
    },
    'a JWT for another service': {
      ...unsupported,
      headers: bearer(selfSigned({ aud: 'https://storage.googleapis.com/' })),
    },
    'an expired JWT': {
      ...expired,
      headers: bearer(selfSigned({ iat: late, exp: late + 3600 })),
    },
    'a JWT with too small a scope': {
      ...noScope,
      headers: bearer(selfSigned({ scope: 'openid' })),
    },
    'an API key that is none': {
      ...badKey,
      headers: { 'x-goog-api-key': 'nonsense' },
      message: /^API key not valid\. Please pass a valid API key\.$/,
    },
    'an expired API key': {
      ...badKey,
      headers: { 'x-goog-api-key': 'late-key' },
      message: /^API key expired\. Please renew the API key\.$/,
    },
    'a good token beside a bad API key': {
      ...badKey,
      headers: { ...bearer(token()), 'x-goog-api-key': 'nonsense' },
      message: /^API key not valid/,
    },
  };
}

test('each reason has its status, words and details, whatever carries it', async (t) => {
  const { mocks, token } = await googleMocks(t, directory);
  for (const [what, one] of Object.entries(cases(token))) {
    await t.test(what, async (t) => {
      const { http, status, message, reason, challenge } = one;
      for (const [verb, method, isArray] of restCalls) {
        const { response, error } = await askRest(mocks, verb, one.headers);
        t.equal(response.status, http, verb);
        t.equal(response.headers.get('www-authenticate') ?? undefined, challenge, verb);
        t.match(response.headers.get('content-type'), 'application/json', verb);
        t.equal(Array.isArray(error), isArray, `${verb}: ${isArray ? 'in an array' : 'bare'}`);
        const bare = Array.isArray(error) ? error[0] : error;
        t.match(bare, { error: { code: http, status, message } }, verb);
        checkInfo(t, bare.error.details[0], reason, `v1.PredictionService.${method}`);
      }
      for (const method of ['GenerateContent', 'StreamGenerateContent', 'StreamingPredict']) {
        const trailers = await askGrpc(mocks, method, one.headers);
        t.equal(trailers['grpc-status'], String(one.grpc), method);
        t.match(decodeURIComponent(String(trailers['grpc-message'])), message, method);
        t.equal(trailers['www-authenticate'], challenge, method);
        const { code, info } = details(String(trailers['grpc-status-details-bin']));
        t.equal(code, one.grpc);
        checkInfo(t, info, reason, `v1.PredictionService.${method}`);
      }
      const upgrade = await askUpgrade(mocks, one.headers);
      t.equal(upgrade.status, http, 'upgrade');
      t.match(upgrade.body, { error: { code: http, status, message } });
      const [info] = (upgrade.body as { error: { details: object[] } }).error.details;
      checkInfo(t, info, reason, 'v1beta1.LlmBidiService.BidiGenerateContent');
    });
  }
  t.ok(mocks.journal.since(0).every(({ ending }) => ending === 'refused'));
});

test('whoever has a good token, JWT or API key is let in everywhere', async (t) => {
  const { mocks, token } = await googleMocks(t);
  const good: readonly Readonly<Record<string, string>>[] = [
    bearer(token()),
    { authorization: `bearer ${token()}` },
    bearer(selfSigned()),
    bearer(selfSigned({ aud: undefined, scope: `openid ${cloudPlatform}` })),
    bearer(selfSigned({ aud: `${mocks.url}/` })),
    { 'x-goog-api-key': exampleGoogleKey },
  ];
  for (const headers of good) {
    for (const [verb] of restCalls) {
      t.equal((await askRest(mocks, verb, headers)).response.status, 200, verb);
    }
    for (const method of ['GenerateContent', 'StreamGenerateContent']) {
      t.equal((await askGrpc(mocks, method, headers))['grpc-status'], '0', method);
    }
    t.equal((await askUpgrade(mocks, headers)).status, 101);
  }
  const inQuery = await askRest(mocks, `generateContent?key=${exampleGoogleKey}`, {});
  t.equal(inQuery.response.status, 200);
  const asParameter = await askRest(mocks, `generateContent?access_token=${token()}`, {});
  t.equal(asParameter.response.status, 200);
});

test('a read-only token may look at what there is', async (t) => {
  const { mocks, token } = await googleMocks(t);
  const headers = bearer(token({ scope: `${cloudPlatform}.read-only` }));
  const path = `${mocks.url}/v1/projects/p/locations`;
  t.equal((await fetch(path, { headers })).status, 200);
  t.equal((await fetch(path)).status, 401);
});

test('no credential is in the journal or on the control plane', async (t) => {
  const { mocks, token } = await googleMocks(t);
  const secrets = [token(), token({ lastsSeconds: -1 }), selfSigned(), exampleGoogleKey];
  for (const secret of secrets) {
    await askRest(mocks, `generateContent?key=${secret}`, { 'x-goog-api-key': secret });
    await askRest(mocks, 'streamGenerateContent', bearer(secret));
    await askGrpc(mocks, 'GenerateContent', bearer(secret));
    await askUpgrade(mocks, bearer(secret));
  }
  const seen = await Promise.all(
    ['journal', 'streams', 'metrics'].map(async (name) =>
      (await fetch(`${mocks.url}/__leakbed/${name}`)).text(),
    ),
  );
  t.ok(mocks.journal.since(0).length >= 16);
  for (const secret of secrets) t.notOk(seen.some((text) => text.includes(secret)));
});

test('with auth off nothing is looked at', async (t) => {
  const { mocks } = await googleMocks(t, directory, { auth: 'off' });
  const headers = { ...bearer('nonsense'), 'x-goog-api-key': 'nonsense' };
  t.equal((await askRest(mocks, 'generateContent', headers)).response.status, 200);
  t.equal((await askGrpc(mocks, 'GenerateContent', headers))['grpc-status'], '0');
  t.equal((await askUpgrade(mocks, headers)).status, 101);
});

const restCalls = [
  ['generateContent', 'GenerateContent', false],
  ['streamGenerateContent', 'StreamGenerateContent', true],
  ['streamGenerateContent?alt=sse', 'StreamGenerateContent', false],
] as const;

function checkInfo(t: Test, info: unknown, reason: string, method: string): void {
  const own = { service: 'aiplatform.googleapis.com' };
  const all = { ...own, method: `google.cloud.aiplatform.${method}` };
  const metadata = reason === 'API_KEY_INVALID' ? own : all;
  t.match(info, { reason, domain: 'googleapis.com', metadata }, `${method} has ${reason}`);
}

async function askRest(mocks: Mocks, verb: string, headers: Readonly<Record<string, string>>) {
  const body = geminiBody('[[leakbed chunks=1]]');
  const response = await fetch(mocks.url + vertexPath(verb), { method: 'POST', headers, body });
  const text = await response.text();
  return { response, error: response.ok ? undefined : JSON.parse(text) };
}

async function askGrpc(
  mocks: Mocks,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const session = connectHttp2(mocks.url);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/google.cloud.aiplatform.v1.PredictionService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen = {};
  for (const event of ['response', 'trailers']) {
    stream.on(event, (block: object) => Object.assign(seen, block));
  }
  stream.on('error', () => undefined);
  stream.on('close', resolve);
  stream.resume();
  stream.end(grpcBody('[[leakbed chunks=1]]'));
  await promise;
  session.close();
  return seen;
}

function details(header: string) {
  const status = rpcType('Status').decode(Buffer.from(header, 'base64')) as unknown as {
    readonly code: number;
    readonly details: readonly { readonly type_url: string; readonly value: Uint8Array }[];
  };
  const [any] = status.details;
  const info = any && rpcType('ErrorInfo').decode(any.value);
  return { code: status.code, info };
}

function askUpgrade(mocks: Mocks, headers: Readonly<Record<string, string>>) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
  const path = '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent';
  const socket = new WebSocket(mocks.url.replace('http', 'ws') + path, { headers });
  socket.on('open', () => {
    socket.terminate();
    resolve({ status: 101, body: undefined });
  });
  socket.on('unexpected-response', (_, response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
  });
  socket.on('error', reject);
  return promise;
}
