// The verifier against AWS's published signing test suite (github.com/awslabs/aws-c-auth,
// tests/aws-signing-test-suite/v4): positive as published, negative with the signature's last digit
// changed.

import { test } from 'tap';
import { createAccounts } from '../../../mocks/auth/accounts.ts';
import type { SignedRequest } from '../../../mocks/auth/signed-request.ts';
import { verifySigV4 } from '../../../mocks/auth/sigv4.ts';

const sessionToken = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';
const query =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1';

const mismatch = /^The request signature we calculated does not match/;

interface Vector {
  readonly name: string;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly signed?: string;
  readonly signature: string;
  readonly method?: string;
  readonly body?: string;
  readonly token?: string;
}

const vectors: readonly Vector[] = [
  {
    name: 'get-relative-relative-normalized',
    target: '/example1/example2/../..',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-slashes-normalized',
    target: '//example//',
    signature: '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
  },
  {
    name: 'get-space-normalized',
    target: '/example space/',
    signature: '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
  },
  {
    name: 'get-unreserved',
    target: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  {
    name: 'get-vanilla-empty-query-key',
    target: '/?Param1=value1',
    signature: 'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    target: '/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-vanilla-query-order-encoded',
    target: '/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    signature: '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
  },
  {
    name: 'get-header-key-duplicate',
    headers: ['My-Header1', 'value2', 'My-Header1', 'value2', 'My-Header1', 'value1'],
    signed: 'host;my-header1;x-amz-date',
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  {
    name: 'get-header-value-trim',
    headers: ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'],
    signed: 'host;my-header1;my-header2;x-amz-date',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'get-vanilla-with-session-token',
    headers: ['X-Amz-Security-Token', sessionToken],
    signed: 'host;x-amz-date;x-amz-security-token',
    signature: '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
    token: sessionToken,
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    headers: [
      'Content-Type',
      'application/x-www-form-urlencoded',
      'Content-Length',
      '13',
      'x-amz-content-sha256',
      '9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e',
    ],
    signed: 'content-length;content-type;host;x-amz-content-sha256;x-amz-date',
    signature: 'd3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b',
    body: 'Param1=value1',
  },
];

for (const vector of vectors) {
  test(`${vector.name}: its signature verifies, one digit off does not`, async (t) => {
    const { signature } = vector;
    t.equal(verify(vector).principal.arn, 'arn:aws:iam::123456789012:user/suite');
    const off = signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0');
    t.throws(() => verify({ ...vector, signature: off }), { message: mismatch });
  });
}

test('get-vanilla-query-order-key-case presigned: verifies, one digit off does not', async (t) => {
  const presigned = (signature: string): Vector => ({
    name: 'presigned',
    target:
      `/?Param2=value2&Param1=value1&${query}%2Fservice%2Faws4_request` +
      '&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600' +
      `&X-Amz-Signature=${signature}`,
    signature: '',
  });
  const signature = '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5';
  t.equal(verify(presigned(signature)).region, 'us-east-1');
  const off = `${signature.slice(0, -1)}6`;
  t.throws(() => verify(presigned(off)), { message: mismatch });
});

test('a signature holds five minutes either way, to the second', async (t) => {
  const [vector] = vectors as [Vector];
  const at = (seconds: number) => new Date(Date.UTC(2015, 7, 30, 12, 36, seconds));
  for (const seconds of [-300, 0, 300]) t.ok(verify(vector, at(seconds)));
  t.throws(() => verify(vector, at(301)), {
    message:
      'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z ' +
      '(20150830T124101Z - 5 min.)',
  });
  t.throws(() => verify(vector, at(-301)), {
    message:
      'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z ' +
      '(20150830T123059Z + 5 min.)',
  });
});

test('a host is right with or without its port, and no other is', async (t) => {
  const [vector] = vectors as [Vector];
  const to = (host: string) => () => verify(vector, undefined, host);
  t.doesNotThrow(to('example.amazonaws.com'));
  t.doesNotThrow(to('example.amazonaws.com:8443'));
  t.throws(to('example.amazonaws.org'), { message: mismatch });
});

function verify(
  { target = '/', headers = [], method = 'GET', body = '', token, ...vector }: Vector,
  now = new Date(Date.UTC(2015, 7, 30, 12, 36, 0)),
  host = 'example.amazonaws.com',
) {
  const credential = 'Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';
  const { signed = 'host;x-amz-date', signature } = vector;
  const value = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signed}, Signature=${signature}`;
  const authorization = signature === '' ? [] : ['Authorization', value];
  const request: SignedRequest = {
    method,
    target,
    rawHeaders: ['Host', host, ...headers, ...authorization, 'X-Amz-Date', '20150830T123600Z'],
    body: Buffer.from(body),
  };
  const key = {
    id: 'AKIDEXAMPLE',
    secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    ...(token && { sessionToken: token }),
  };
  const identity = {
    arn: 'arn:aws:iam::123456789012:user/suite',
    accessKeys: [key],
    apiKeys: [],
    deniedModels: [],
    unavailableModels: [],
  };
  const parts = { accounts: createAccounts([identity]), service: 'service', now: () => now };
  return verifySigV4(request, parts);
}
