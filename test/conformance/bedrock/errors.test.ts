// Errors in place of the answer: the class each SDK makes of them and how often it asks again.

import {
  BedrockRuntimeServiceException,
  ConverseCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { test } from 'tap';
import {
  anthropicClient,
  converseInput,
  messagesInput,
  mocksFor,
  sdkClient,
} from '../../fixtures/bedrock-clients.ts';
import { errorRows } from './error-cells.ts';

for (const { name, exception, status, sdkRequests, anthropicRequests } of errorRows) {
  test(`the AWS SDK throws ${exception} after ${sdkRequests} requests`, async (t) => {
    const mocks = await mocksFor(t);
    const client = sdkClient(t, mocks);
    const command = new ConverseCommand(converseInput(`[[leakbed fault=error;name=${name}]]`));
    const error = await client.send(command).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    t.ok(error instanceof BedrockRuntimeServiceException);
    t.match(error, { name: exception, $metadata: { httpStatusCode: status } });
    t.match(error, { $metadata: { requestId: /^[0-9a-f-]{36}$/, attempts: sdkRequests } });
    t.equal(mocks.journal.since(0).length, sdkRequests);
  });

  test(`the Anthropic SDK reports ${status} after ${anthropicRequests} requests`, async (t) => {
    const mocks = await mocksFor(t);
    const client = anthropicClient(mocks, 1);
    const asked = client.messages.create(messagesInput(`[[leakbed fault=error;name=${name}]]`));
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    t.match(error, { status });
    t.equal(mocks.journal.since(0).length, anthropicRequests);
  });
}

test('a refused request carries the words of the service', async (t) => {
  const client = sdkClient(t, await mocksFor(t));
  const asked = client.send(new ConverseCommand({ ...converseInput('Hi'), modelId: 'nonsense' }));
  const message = 'The provided model identifier is invalid.';
  await t.rejects(asked, { name: 'ValidationException', message });
});

test('97 texts are refused by Cohere and 96 are not', async (t) => {
  const client = sdkClient(t, await mocksFor(t));
  const embed = (count: number) => {
    const body = JSON.stringify({ texts: Array(count).fill('a'), input_type: 'clustering' });
    return client.send(new InvokeModelCommand({ modelId: 'cohere.embed-english-v3', body }));
  };
  await t.rejects(embed(97), { name: 'ValidationException', message: /maximum item count: 96/ });
  await t.resolves(embed(96));
});
