// The door under malformed requests: whatever the bytes say, it answers and never throws; and with
// auth off it does not look.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { createDoor } from '../../../mocks/auth/door.ts';
import type { SignedRequest } from '../../../mocks/auth/signed-request.ts';

const now = () => new Date('2030-01-01T00:00:00Z');
const asked = { operation: 'Converse', rawPath: '/model/%E0%A4%A/converse', requestId: 'id' };

const pieces = [
  'AWS4-HMAC-SHA256 ',
  'Credential=',
  'AKIAIOSFODNN7EXAMPLE/20300101/us-east-1/bedrock/aws4_request',
  'SignedHeaders=host',
  'Signature=',
  '00',
  ', ',
  ';',
  '=',
  '/',
  '%',
  '%E0%A4%A',
  '\u00e9\ud800',
  'Bearer bedrock-api-key-',
  'YmVkcm9jay5hbWF6b25hd3MuY29tLz9BY3Rpb249Q2FsbFdpdGhCZWFyZXJUb2tlbg==',
  '20300101T000000Z',
  '\0',
  'Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::1:role/r&RoleSessionName=ss',
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00&X-Amz-Expires=9',
];
const names = [
  'authorization',
  'x-amz-date',
  'date',
  'host',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-aws-ec2-metadata-token',
];
const paths = ['/', '/model/m/converse', '/latest/meta-data/iam', '/v1/credentials', '/%', '//'];

test('20,000 malformed requests are refused by Bedrock, and none throws anywhere', async (t) => {
  const door = createDoor({ auth: 'verify', identities: undefined, now });
  const statuses = new Map<number, number>();
  for (let index = 0; index < 20_000; index++) {
    const request = malformed(seededRng(5).fork(String(index)));
    const passage = door.pass('bedrock', request, asked);
    const answers = [passage?.refusal, door.identity(request, () => 'id')];
    if (passage?.refusal === undefined) t.fail(`${index} came in: ${JSON.stringify(request)}`);
    for (const answer of answers) {
      if (answer) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  }
  t.comment(JSON.stringify([...statuses]));
  for (const status of statuses.keys()) t.ok(status === 200 || (status >= 400 && status < 500));
});

test('with auth off every provider is open, and no gate is asked', async (t) => {
  const request = malformed(seededRng(5));
  const off = createDoor({ auth: 'off', identities: undefined, now });
  t.equal(off.pass('bedrock', request, asked), undefined);
  t.equal(off.gate, undefined);
  const verify = createDoor({ auth: 'verify', identities: undefined, now });
  t.equal(verify.pass('vertex', request, asked), undefined, 'which has a gate of its own');
  t.not(verify.gate, undefined);
});

function malformed(rng: Rng): SignedRequest {
  const text = () => {
    const parts = Array.from({ length: rng.integer(0, 8) }, () => rng.pick(pieces));
    return parts.join('');
  };
  const rawHeaders = names.flatMap((name) => (rng.next() < 0.6 ? [name, text()] : []));
  return {
    method: rng.pick(['POST', 'GET', 'PUT', 'DELETE']),
    target: `${rng.pick(paths)}${rng.next() < 0.4 ? `?${text()}` : ''}`,
    rawHeaders,
    body: Buffer.from(rng.next() < 0.5 ? text() : ''),
  };
}
