// How errors are spelled: REST envelope, array wrapping, gRPC status with details.

import { test } from 'tap';
import { neutralErrors } from '../../../mocks/provider.ts';
import { rpcType } from '../../../mocks/vertex/protos.ts';
import { vertex } from '../../../mocks/vertex/provider.ts';
import { geminiName, restRequest } from '../../fixtures/vertex-api.ts';

const request = (verb: string) => restRequest({ path: `/v1/${geminiName}:${verb}` });
const answer = (name: string, verb = 'generateContent', message = '') => {
  const { status, body } = vertex.errorAnswer(name, message, request(verb));
  return { status, text: body.toString(), json: JSON.parse(body.toString()) };
};

const rows = [
  { name: 'validation', http: 400, status: 'INVALID_ARGUMENT', code: 3 },
  { name: 'access-denied', http: 403, status: 'PERMISSION_DENIED', code: 7 },
  { name: 'not-found', http: 404, status: 'NOT_FOUND', code: 5 },
  { name: 'throttling', http: 429, status: 'RESOURCE_EXHAUSTED', code: 8 },
  { name: 'quota', http: 429, status: 'RESOURCE_EXHAUSTED', code: 8 },
  { name: 'timeout', http: 504, status: 'DEADLINE_EXCEEDED', code: 4 },
  { name: 'internal', http: 500, status: 'INTERNAL', code: 13 },
  { name: 'unavailable', http: 503, status: 'UNAVAILABLE', code: 14 },
  { name: 'model-error', http: 500, status: 'INTERNAL', code: 13 },
  { name: 'expired-token', http: 401, status: 'UNAUTHENTICATED', code: 16 },
  { name: 'UNAUTHENTICATED', http: 401, status: 'UNAUTHENTICATED', code: 16 },
  { name: 'FAILED_PRECONDITION', http: 400, status: 'FAILED_PRECONDITION', code: 9 },
  { name: 'CANCELLED', http: 499, status: 'CANCELLED', code: 1 },
  { name: 'NoSuchError', http: 500, status: 'UNKNOWN', code: 2 },
  { name: 'constructor', http: 500, status: 'UNKNOWN', code: 2 },
];

for (const { name, http, status, code } of rows) {
  test(`${name} is ${status}: HTTP ${http}, gRPC ${code}`, async (t) => {
    const { status: httpStatus, json } = answer(name);
    t.equal(httpStatus, http);
    t.match(json, { error: { code: http, status, message: /./ } });
    t.match(vertex.grpcStatus?.(name, ''), { code, message: /./ });
    t.equal(vertex.grpcStatus?.(name, 'my own words')?.message, 'my own words');
  });
}

test('every neutral name has a row here', async (t) => {
  for (const name of neutralErrors)
    t.ok(
      rows.some((row) => row.name === name),
      name,
    );
});

test('the envelope is pretty, and an array for array streams only', async (t) => {
  t.ok(answer('internal').text.startsWith('{\n  "error": {\n    "code": 500,'));
  t.equal(answer('internal', 'streamGenerateContent').json[0].error.code, 500);
  t.equal(answer('internal', 'streamGenerateContent?alt=sse').json.error.code, 500);
});

test('a quota error carries ErrorInfo, QuotaFailure and RetryInfo on both wires', async (t) => {
  const types = ['ErrorInfo', 'QuotaFailure', 'RetryInfo'].map(
    (name) => `type.googleapis.com/google.rpc.${name}`,
  );
  const { details } = answer('quota').json.error;
  t.same(
    details.map((detail: Record<string, unknown>) => detail['@type']),
    types,
  );
  t.equal(details[2].retryDelay, '45.837906927s');
  const status = rpcType('Status').decode(
    vertex.grpcStatus?.('quota', '')?.details ?? Buffer.alloc(0),
  );
  const { details: packed, code } = rpcType('Status').toObject(status);
  t.equal(code, 8);
  t.same(
    packed.map((any: { type_url: string }) => any.type_url),
    types,
  );
  const retry = rpcType('RetryInfo').decode(packed[2].value);
  t.match(rpcType('RetryInfo').toObject(retry, { longs: Number }), {
    retryDelay: { seconds: 45, nanos: 837_906_927 },
  });
});

test('an error without details has no details on either wire', async (t) => {
  t.notOk('details' in answer('throttling').json.error);
  t.equal(vertex.grpcStatus?.('throttling', '')?.details, undefined);
});

test('paths without a method get a page of the front end', async (t) => {
  const unknown = restRequest({ path: `/v1/${geminiName}:<b>` });
  t.equal(vertex.route(unknown), undefined);
  t.equal(vertex.route(restRequest({ path: `/v1/${geminiName}:toString` })), undefined);
  t.equal(
    vertex.route(restRequest({ path: `/v1/${geminiName}:predict`, method: 'GET' })),
    undefined,
  );
  const { status, headers, body } = vertex.errorAnswer('unknown-operation', '', unknown);
  t.equal(status, 404);
  t.match(headers['content-type'], /^text\/html/);
  t.notMatch(body.toString(), /<b>404\.<\/b>[\s\S]*<b>/);
});
