// What a known caller may not do under --auth verify: models, projects, and projects that are to
// pay; in Google's words, before any model is asked.

import { v1 } from '@google-cloud/aiplatform';
import { test } from 'tap';
import {
  defaultDirectory,
  type GoogleDirectory,
  googleAccount,
} from '../../../mocks/auth/google/directory.ts';
import { googleMocks } from '../../fixtures/google-mocks.ts';
import { liveSession, until } from '../../fixtures/live-clients.ts';
import { geminiBody } from '../../fixtures/raw-clients.ts';
import { generateRequest, grpcJsStream, grpcOptions } from '../../fixtures/vertex-clients.ts';

const name = 'narrow@leakbed.iam.gserviceaccount.com';
const narrow: GoogleDirectory = {
  ...defaultDirectory,
  accounts: [
    googleAccount({
      name,
      deniedModels: ['publishers/anthropic/*', 'gemini-2.5-pro'],
      deniedProjects: ['closed'],
    }),
  ],
};
const scope = 'projects/p/locations/us-central1';

test('a denied model is IAM_PERMISSION_DENIED with permission and resource', async (t) => {
  const { mocks, token } = await googleMocks(t, narrow);
  const headers = { authorization: `Bearer ${token({ name })}` };
  const resource = `${scope}/publishers/google/models/gemini-2.5-pro`;
  const ask = (model: string) =>
    fetch(`${mocks.url}/v1/${model}`, { method: 'POST', headers, body: geminiBody('') });
  const refused = await ask(`${resource}:generateContent`);
  t.equal(refused.status, 403);
  t.match(await refused.json(), {
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      message:
        "Permission 'aiplatform.endpoints.predict' denied on resource " +
        `'//aiplatform.googleapis.com/${resource}' (or it may not exist).`,
      details: [
        {
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'aiplatform.googleapis.com',
          metadata: { permission: 'aiplatform.endpoints.predict', resource },
        },
      ],
    },
  });
  const claude = `${scope}/publishers/anthropic/models/claude-sonnet-4-5:streamRawPredict`;
  t.match(await (await ask(claude)).json(), [{ error: { status: 'PERMISSION_DENIED' } }]);
  const flash = await ask(`${scope}/publishers/google/models/gemini-2.5-flash:generateContent`);
  t.equal(flash.status, 200, 'the others are let in');
});

test('over gRPC the model is in the message, and denied all the same', async (t) => {
  const deniedModels = ['gemini-2.5-flash'];
  const denying = { ...narrow, accounts: [googleAccount({ name, deniedModels })] };
  const { mocks, token } = await googleMocks(t, denying);
  const authorization = `Bearer ${token({ name })}`;
  t.equal(await grpcJsStream(mocks, 'chunks=1', { authorization }), 'error 7 0');
  const { mocks: open, token: openToken } = await googleMocks(t);
  const headers = { authorization: `Bearer ${openToken()}` };
  t.match(await grpcJsStream(open, 'chunks=1', headers), /^ok/);
});

test('a Live session with a denied model is closed with 1008', async (t) => {
  const deniedModels = ['gemini-2.0-flash-live'];
  const denying = { ...narrow, accounts: [googleAccount({ name, deniedModels })] };
  const { mocks, token } = await googleMocks(t, denying);
  const headers = { authorization: `Bearer ${token({ name })}` };
  const account = liveSession(mocks, 3, { headers });
  await until('the session is refused', () => account.connected !== undefined);
  t.match(account.connected, /1008.*Permission 'aiplatform\.endpoints\.predict' denied/);
  const { mocks: open, token: openToken } = await googleMocks(t);
  const session = liveSession(open, 3, { headers: { authorization: `Bearer ${openToken()}` } });
  await until('the session is open', () => session.connected !== undefined);
  t.equal(session.connected, 'open');
  session.session?.close();
});

test('a denied project is CONSUMER_INVALID, one that is to pay USER_PROJECT_DENIED', async (t) => {
  const { mocks, token } = await googleMocks(t, narrow);
  const authorization = `Bearer ${token({ name })}`;
  const ask = async (project: string, headers: Readonly<Record<string, string>> = {}) => {
    const model = 'publishers/google/models/gemini-2.5-flash';
    const path = `/v1/projects/${project}/locations/us-central1/${model}`;
    const all = { authorization, ...headers };
    const init = { method: 'POST', headers: all, body: geminiBody('') };
    const response = await fetch(`${mocks.url}${path}:generateContent`, init);
    const { error } = (await response.json()) as {
      error?: { message: string; details: [{ reason: string; metadata: object }] };
    };
    return { status: response.status, message: error?.message, ...error?.details[0] };
  };
  t.match(await ask('closed'), {
    status: 403,
    message: 'Permission denied on resource project closed.',
    reason: 'CONSUMER_INVALID',
    metadata: { consumer: 'projects/closed' },
  });
  t.match(await ask('open', { 'x-goog-user-project': 'closed' }), {
    status: 403,
    message: /^Caller does not have required permission to use project closed\. Grant/,
    reason: 'USER_PROJECT_DENIED',
  });
  t.equal((await ask('open', { 'x-goog-user-project': 'open' })).status, 200);
});

test('the SDK reads reason, domain and metadata of a refusal from its details', async (t) => {
  const { mocks, token } = await googleMocks(t);
  const client = new v1.PredictionServiceClient(grpcOptions(mocks));
  t.teardown(() => client.close());
  const ask = (authorization: string) =>
    client.generateContent(generateRequest('chunks=1'), {
      otherArgs: { headers: { authorization } },
    });
  await t.rejects(ask(`Bearer ${token({ lastsSeconds: -1 })}`), {
    code: 16,
    reason: 'ACCESS_TOKEN_EXPIRED',
    domain: 'googleapis.com',
    errorInfoMetadata: {
      service: 'aiplatform.googleapis.com',
      method: 'google.cloud.aiplatform.v1.PredictionService.GenerateContent',
    },
  });
  await t.rejects(ask(`Bearer ${token({ scope: 'openid' })}`), {
    code: 7,
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  });
  const [{ candidates }] = await ask(`Bearer ${token()}`);
  t.ok(candidates?.[0]?.content);
});
