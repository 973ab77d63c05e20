// Google's door under malformed requests: whatever the bytes say, it answers and never throws, and
// nothing is given out or let in.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../../injectors/determinism.ts';
import { createAccounts } from '../../../../mocks/auth/accounts.ts';
import {
  awsAudience,
  gatewayEmail,
  oidcAudience,
} from '../../../../mocks/auth/google/directory.ts';
import { createGoogleDoor } from '../../../../mocks/auth/google/door.ts';
import { GoogleRefusal } from '../../../../mocks/auth/google/refusal.ts';
import { createSigningKey } from '../../../../mocks/auth/google/signing-key.ts';

const now = () => new Date('2030-01-01T00:00:00Z');
const key = createSigningKey();
const door = createGoogleDoor({ key }, { accounts: createAccounts(), isVerifying: true, now });

const encode = (text: string) => Buffer.from(text).toString('base64url');
const pieces = [
  'Bearer ',
  'ya29.leakbed-fake-',
  encode(`{"alg":"RS256","kid":"${key.id}"}`),
  encode(`{"iss":"${gatewayEmail}","sub":"${gatewayEmail}","iat":1893456000,"exp":1893459600}`),
  encode('{"iss":{"toString":1},"exp":1e999}'),
  encode('[]'),
  encode('null'),
  '.',
  '=',
  '%',
  '%E0%A4%A',
  '\u00e9\ud800',
  '\0',
  '{"url":"https://sts.amazonaws.com?Action=GetCallerIdentity","headers":[null,{"key":1}]}',
  '{"scope":[1],"lifetime":"1e9s"}',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
];
const grants = [
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'refresh_token',
  '',
];
const types = ['jwt', 'id_token'].map((name) => `urn:ietf:params:oauth:token-type:${name}`);
const paths = [
  '/token',
  '/v1/token',
  `/v1/projects/-/serviceAccounts/${gatewayEmail}:generateAccessToken`,
  '/v1/projects/-/serviceAccounts/%:generateAccessToken',
];

test('20,000 malformed requests get nothing from the endpoints', async (t) => {
  const statuses = new Map<number, number>();
  for (let index = 0; index < 20_000; index++) {
    const answer = door.identity(malformed(seededRng(7).fork(String(index))), () => 'id');
    const status = answer?.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  t.comment(JSON.stringify([...statuses]));
  for (const status of statuses.keys()) t.ok(status >= 400 && status < 500, String(status));
});

test('20,000 malformed credentials do not pass the gate', async (t) => {
  const asked = { service: 'aiplatform.googleapis.com', method: 'a.b.Predict' };
  let letIn = 0;
  for (let index = 0; index < 20_000; index++) {
    const rng = seededRng(8).fork(String(index));
    const maybe = () => (rng.next() < 0.7 ? text(rng) : undefined);
    const presented = {
      authorization: maybe(),
      apiKey: rng.next() < 0.3 ? text(rng) : undefined,
      userProject: maybe(),
      host: maybe(),
    };
    try {
      door.gate.authenticate(presented, asked);
      letIn += 1;
    } catch (error) {
      if (!(error instanceof GoogleRefusal)) throw error;
    }
  }
  t.equal(letIn, 0);
});

function text(rng: Rng): string {
  return Array.from({ length: rng.integer(0, 8) }, () => rng.pick(pieces)).join('');
}

function malformed(rng: Rng) {
  const fields = {
    grant_type: rng.pick(grants),
    assertion: text(rng),
    audience: rng.pick([oidcAudience, awsAudience, text(rng)]),
    subject_token: text(rng),
    subject_token_type: rng.pick([...types, 'urn:ietf:params:aws:token-type:aws4_request']),
    refresh_token: text(rng),
    client_id: text(rng),
  };
  const isJson = rng.next() < 0.4;
  const whole = isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const rawHeaders = ['authorization', text(rng), 'host', text(rng)];
  if (isJson) rawHeaders.push('content-type', 'application/json');
  return {
    method: rng.pick(['POST', 'POST', 'POST', 'GET']),
    target: rng.pick(paths),
    rawHeaders,
    body: Buffer.from(rng.next() < 0.2 ? text(rng) : whole),
  };
}
