// Every exception a stream can hold, by operation, as the AWS SDK makes it an error; and a message
// of the kind that no operation models.

import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  BedrockRuntimeServiceException,
  ConverseStreamCommand,
  InvokeModelWithBidirectionalStreamCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { claude, messagesBody } from '../../fixtures/bedrock-answer.ts';
import { converseInput } from '../../fixtures/bedrock-clients.ts';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

type Opener = (
  client: BedrockRuntimeClient,
  prompt: string,
) => Promise<AsyncIterable<unknown> | undefined>;

const operations: Readonly<Record<string, Opener>> = {
  ConverseStream: async (client, prompt) =>
    (await client.send(new ConverseStreamCommand(converseInput(prompt)))).stream,
  InvokeModelWithResponseStream: async (client, prompt) => {
    const body = { ...messagesBody, messages: [{ role: 'user', content: prompt }] };
    const command = { modelId: claude, body: JSON.stringify(body) };
    return (await client.send(new InvokeModelWithResponseStreamCommand(command))).body;
  },
  InvokeModelWithBidirectionalStream: async (client, prompt) => {
    const names = { promptName: 'p', contentName: 'c' };
    const events = [
      { sessionStart: {} },
      { promptStart: names },
      { contentStart: { ...names, type: 'TEXT', role: 'USER' } },
      { textInput: { ...names, content: prompt } },
      { contentEnd: names },
    ];
    async function* body() {
      for (const event of events) {
        yield { chunk: { bytes: Buffer.from(JSON.stringify({ event })) } };
      }
    }
    const command = { modelId: 'amazon.nova-sonic-v1:0', body: body() };
    return (await client.send(new InvokeModelWithBidirectionalStreamCommand(command))).body;
  },
};

const members = [
  'internalServerException',
  'modelStreamErrorException',
  'modelTimeoutException',
  'serviceUnavailableException',
  'throttlingException',
  'validationException',
];

for (const [operation, open] of Object.entries(operations)) {
  for (const member of members) {
    // ConverseStream alone has no such member.
    const isModelled = operation !== 'ConverseStream' || member !== 'modelTimeoutException';
    const claim = isModelled ? 'as its own class' : 'as an error without a class';
    overBothTransports(`${operation} throws ${member} ${claim}`, async (t, client) => {
      const prompt = `[[leakbed fault=exception;at=2;name=${member};message=boom]]`;
      const error = await drained(open(client, prompt));
      t.equal(error instanceof BedrockRuntimeServiceException, isModelled);
      const name = `${member.charAt(0).toUpperCase()}${member.slice(1)}`;
      t.match(error, isModelled ? { name, message: 'boom' } : { name: member });
      if (name === 'ModelStreamErrorException') {
        t.match(error, { originalStatusCode: 500, originalMessage: String });
      }
    });
  }

  overBothTransports(`${operation} throws an unmodelled error by its code`, async (t, client) => {
    const prompt = '[[leakbed fault=exception;at=2;name=unmodelled.InternalFailure;message=boom]]';
    const error = await drained(open(client, prompt));
    t.match(error, { name: 'InternalFailure', message: 'boom' });
    t.notOk(error instanceof BedrockRuntimeServiceException);
  });
}

async function drained(opened: ReturnType<Opener>): Promise<unknown> {
  try {
    for await (const _event of (await opened) ?? []);
    return undefined;
  } catch (error) {
    return error;
  }
}
