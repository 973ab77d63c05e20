// Routing on the raw path, and errors as whole answers.

import { test } from 'tap';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import { neutralErrors } from '../../../mocks/provider.ts';
import { messagesBody, requestTo } from '../../fixtures/bedrock-answer.ts';

const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-v2:1';

const paths: readonly (readonly [how: string, path: string])[] = [
  ['fully encoded', `/model/${encodeURIComponent(arn)}/invoke`],
  ['with raw colons', `/model/${arn.replace('/', '%2F')}/invoke`],
  ['behind a path of the endpoint', `/proxy/v1/model/${encodeURIComponent(arn)}/invoke`],
];

for (const [how, path] of paths) {
  test(`an ARN ${how} reaches its operation decoded`, async (t) => {
    const routed = bedrock.route(requestTo(path, messagesBody));
    t.equal(routed?.name, 'InvokeModel');
    t.equal(routed?.read().call.model, arn);
  });
}

test('other paths and methods have no operation', async (t) => {
  const post = (path: string) => bedrock.route(requestTo(path, '{}'));
  t.equal(post('/model/anthropic.claude-v2/sing'), undefined);
  t.equal(post(`/model/${arn}/invoke`), undefined, 'a raw slash divides the segment');
  t.equal(post('/invoke'), undefined);
  const get = { ...requestTo('/model/anthropic.claude-v2/invoke', ''), method: 'GET' };
  t.equal(bedrock.route(get), undefined);
});

test('a segment that is no valid encoding is refused as a model id', async (t) => {
  const routed = bedrock.route(requestTo('/model/%E0%A4%A/invoke', '{}'));
  t.throws(() => routed?.read(), {
    message: /^1 validation error detected: Value '%E0%A4%A' at 'modelId' failed to satisfy/,
  });
});

const request = requestTo('/model/x/invoke', '');
const bedrockSpace = ':http://internal.amazon.com/coral/com.amazon.bedrock/';
const frontDoor = ':http://internal.amazon.com/coral/com.amazon.coral.service/';

const spelled: readonly (readonly [name: string, status: number, exception: string])[] = [
  ['validation', 400, 'ValidationException'],
  ['access-denied', 403, 'AccessDeniedException'],
  ['not-found', 404, 'ResourceNotFoundException'],
  ['throttling', 429, 'ThrottlingException'],
  ['quota', 400, 'ServiceQuotaExceededException'],
  ['timeout', 408, 'ModelTimeoutException'],
  ['internal', 500, 'InternalServerException'],
  ['unavailable', 503, 'ServiceUnavailableException'],
  ['model-error', 424, 'ModelErrorException'],
  ['expired-token', 403, 'ExpiredTokenException'],
  ['ModelNotReadyException', 429, 'ModelNotReadyException'],
  ['throttlingException', 429, 'ThrottlingException'],
  ['MadeUpException', 500, 'MadeUpException'],
];

for (const [name, status, exception] of spelled) {
  test(`the error ${name} is answered as ${exception} with status ${status}`, async (t) => {
    const answer = bedrock.errorAnswer(name, '', request);
    t.equal(answer.status, status);
    const space = exception === 'ExpiredTokenException' ? frontDoor : bedrockSpace;
    t.equal(answer.headers['x-amzn-ErrorType'], `${exception}${space}`);
    t.equal(answer.headers['x-amzn-RequestId'], request.requestId);
    t.type(JSON.parse(answer.body.toString()).message, 'string');
  });
}

test('every neutral name is in the table above', async (t) => {
  const names = spelled.map(([name]) => name);
  t.same(
    neutralErrors.filter((name) => !names.includes(name)),
    [],
  );
});

test('a message of the caller replaces the usual one', async (t) => {
  const { body } = bedrock.errorAnswer('throttling', 'Slow down.', request);
  t.equal(body.toString(), '{"message":"Slow down."}');
});

test('errors of the front door come from its own namespace', async (t) => {
  const { headers } = bedrock.errorAnswer('UnrecognizedClientException', '', request);
  t.match(headers['x-amzn-ErrorType'], /coral\/com\.amazon\.coral\.service\/$/);
});
