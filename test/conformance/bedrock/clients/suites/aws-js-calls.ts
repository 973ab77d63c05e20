// Every call of the AWS SDK for JavaScript: the operation, its command, what the fake then serves,
// and what must have come through. One table, so it is long: all that one SDK can do.

import assert from 'node:assert/strict';
import type * as Runtime from '@aws-sdk/client-bedrock-runtime';
import {
  brokenPrompt,
  checkText,
  checkToolInput,
  outputTokens,
  prompt,
  refusal,
  throttledPrompt,
  toolPrompt,
  toolSchema,
} from '../../../clients/suites/cells.ts';
import { type BedrockDoor, messagesBody, models } from './bedrock.ts';

export interface AwsClient {
  readonly runtime: typeof Runtime;
  readonly client: Runtime.BedrockRuntimeClient;
  /** The same, with a key that does not fit. */
  readonly stranger: Runtime.BedrockRuntimeClient;
  readonly door: BedrockDoor;
}

export interface AwsCall {
  readonly operation: string;
  readonly command: string;
  readonly served: readonly string[];
  body(aws: AwsClient): Promise<void>;
}

const converseInput = (text: string, modelId: string = models.claude) => ({
  modelId,
  messages: [{ role: 'user' as const, content: [{ text }] }],
});
const toolConfig: Runtime.ToolConfiguration = {
  tools: [
    { toolSpec: { name: 'weather', inputSchema: { json: { ...toolSchema, required: ['city'] } } } },
  ],
};

const converse: readonly AwsCall[] = [
  call('Converse', ['Converse'], async ({ runtime, client }) => {
    const answer = await client.send(new runtime.ConverseCommand(converseInput(prompt)));
    checkText(answer.output?.message?.content?.[0]?.text);
    assert.equal(answer.stopReason, 'end_turn');
    assert.equal(answer.usage?.outputTokens, outputTokens);
    const { inputTokens = 0 } = answer.usage ?? {};
    assert.equal(answer.usage?.totalTokens, inputTokens + outputTokens);
  }),
  call('Converse', ['Converse'], 'Converse, tool', async ({ runtime, client }) => {
    const input = { ...converseInput(toolPrompt), toolConfig };
    const answer = await client.send(new runtime.ConverseCommand(input));
    const use = answer.output?.message?.content?.at(-1)?.toolUse;
    assert.equal(use?.name, 'weather');
    checkToolInput(use?.input);
    assert.equal(answer.stopReason, 'tool_use');
  }),
  call('ConverseStream', ['ConverseStream'], async ({ runtime, client }) => {
    const { events, text } = await streamed({ runtime, client }, converseInput(prompt));
    checkText(text);
    // messageStart, 4 deltas, contentBlockStop, messageStop, metadata.
    assert.equal(events.length, 8);
    assert.equal(events.at(-2)?.messageStop?.stopReason, 'end_turn');
    assert.equal(events.at(-1)?.metadata?.usage?.outputTokens, outputTokens);
  }),
  call('ConverseStream', ['ConverseStream'], 'ConverseStream, tool', async (aws) => {
    const { events } = await streamed(aws, { ...converseInput(toolPrompt), toolConfig });
    const start = events.map((event) => event.contentBlockStart?.start?.toolUse).find(Boolean);
    assert.equal(start?.name, 'weather');
    const input = events.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '');
    checkToolInput(JSON.parse(input.join('')));
    assert.equal(events.at(-2)?.messageStop?.stopReason, 'tool_use');
  }),
  call('Converse', ['Converse'], 'ARN', async ({ runtime, client }) => {
    const command = new runtime.ConverseCommand(converseInput(prompt, models.arn));
    checkText((await client.send(command)).output?.message?.content?.[0]?.text);
  }),
  call('Converse', ['Converse'], 'throttled', async ({ runtime, client }) => {
    const command = new runtime.ConverseCommand(converseInput(throttledPrompt));
    const error = await refusal(() => client.send(command));
    assert.ok(error instanceof runtime.ThrottlingException, `${error.name}: ${error.message}`);
    assert.equal(error.$metadata.httpStatusCode, 429);
  }),
  call('ConverseStream', ['ConverseStream'], 'exception', async ({ runtime, client }) => {
    const command = new runtime.ConverseStreamCommand(converseInput(brokenPrompt));
    const { stream } = await client.send(command);
    await brokenAfterThree(runtime, stream);
  }),
  call('Converse', ['Converse'], 'wrong key', async ({ runtime, stranger, door }) => {
    const ask = () => stranger.send(new runtime.ConverseCommand(converseInput(prompt)));
    if (!door.verifies) await ask();
    else assert.equal((await refusal(ask)).name, 'InvalidSignatureException');
  }),
];

const invoke: readonly AwsCall[] = [
  call('InvokeModel', ['InvokeModel'], async ({ runtime, client }) => {
    const body = messagesBody(prompt);
    const command = new runtime.InvokeModelCommand({ modelId: models.claude, body });
    const answer = await client.send(command);
    assert.equal(answer.contentType, 'application/json');
    const message = jsonOf(answer.body);
    checkText(message.content[0].text);
    assert.equal(message.stop_reason, 'end_turn');
    assert.equal(message.usage.output_tokens, outputTokens);
  }),
  call(
    'InvokeModelWithResponseStream',
    ['InvokeModelWithResponseStream'],
    async ({ runtime, client }) => {
      const input = { modelId: models.claude, body: messagesBody(prompt) };
      const command = new runtime.InvokeModelWithResponseStreamCommand(input);
      const events = await chunksOf((await client.send(command)).body);
      checkText(events.map((event) => event.delta?.text ?? '').join(''));
      assert.equal(events.length, 9);
      const metrics = events.at(-1)?.['amazon-bedrock-invocationMetrics'];
      assert.equal(metrics?.outputTokenCount, outputTokens);
    },
  ),
  call(
    'InvokeModelWithResponseStream',
    ['InvokeModelWithResponseStream'],
    'exception, invoke',
    async ({ runtime, client }) => {
      const input = { modelId: models.claude, body: messagesBody(brokenPrompt) };
      const command = new runtime.InvokeModelWithResponseStreamCommand(input);
      await brokenAfterThree(runtime, (await client.send(command)).body);
    },
  ),
  call(
    'InvokeModelWithBidirectionalStream',
    ['InvokeModelWithBidirectionalStream'],
    async ({ runtime, client }) => {
      const input = { modelId: models.sonic, body: conversation(prompt) };
      const command = new runtime.InvokeModelWithBidirectionalStreamCommand(input);
      const events = await chunksOf((await client.send(command)).body);
      checkText(events.map(({ event }) => event?.textOutput?.content ?? '').join(''));
      // completionStart, contentStart, 4 texts, contentEnd, usageEvent, completionEnd.
      assert.equal(events.length, 9);
    },
  ),
  call('InvokeModel', ['InvokeModel', 'InvokeModel'], 'embeddings', async (aws) => {
    const ask = async (modelId: string, value: object) => {
      const body = JSON.stringify(value);
      const command = new aws.runtime.InvokeModelCommand({ modelId, body });
      return jsonOf((await aws.client.send(command)).body);
    };
    const titan = await ask(models.titanEmbed, { inputText: 'Hello', dimensions: 256 });
    assert.equal(titan.embedding.length, 256);
    const texts = ['One', 'Two'];
    const cohere = await ask(models.cohereEmbed, { texts, input_type: 'search_query' });
    assert.deepEqual(
      cohere.embeddings.map((one: unknown[]) => one.length),
      [1024, 1024],
    );
  }),
];

const others: readonly AwsCall[] = [
  call('CountTokens', ['CountTokens', 'Converse'], async ({ runtime, client }) => {
    const { modelId, ...converse } = converseInput(prompt);
    const counted = await client.send(
      new runtime.CountTokensCommand({ modelId, input: { converse } }),
    );
    const answer = await client.send(new runtime.ConverseCommand({ modelId, ...converse }));
    assert.equal(counted.inputTokens, answer.usage?.inputTokens);
  }),
  call('ApplyGuardrail', ['ApplyGuardrail', 'ApplyGuardrail'], async ({ runtime, client }) => {
    const ask = (text: string) =>
      client.send(
        new runtime.ApplyGuardrailCommand({
          guardrailIdentifier: 'abcdef123456',
          guardrailVersion: '1',
          source: 'INPUT',
          content: [{ text: { text } }],
        }),
      );
    assert.equal((await ask('Hello')).action, 'NONE');
    const stopped = await ask('[[leakbed stop=guardrail]]');
    assert.equal(stopped.action, 'GUARDRAIL_INTERVENED');
    assert.equal(stopped.outputs?.length, 1);
  }),
  call('InvokeGuardrailChecks', ['InvokeGuardrailChecks'], async ({ runtime, client }) => {
    const command = new runtime.InvokeGuardrailChecksCommand({
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      checks: { contentFilter: { categories: [{ category: 'HATE' }] } },
    });
    const { results } = await client.send(command);
    assert.equal(results?.contentFilter?.results?.[0]?.severityScore, 0);
  }),
  call('StartAsyncInvoke', ['StartAsyncInvoke'], async (aws) => {
    assert.match(await started(aws), /^arn:aws:bedrock:us-east-1:\d{12}:async-invoke\//);
  }),
  call('GetAsyncInvoke', ['StartAsyncInvoke', 'GetAsyncInvoke'], async (aws) => {
    const invocationArn = await started(aws);
    const { runtime, client } = aws;
    const job = await client.send(new runtime.GetAsyncInvokeCommand({ invocationArn }));
    assert.equal(job.invocationArn, invocationArn);
    assert.ok(job.submitTime instanceof Date, 'submitTime is a date');
  }),
  call('ListAsyncInvokes', ['StartAsyncInvoke', 'ListAsyncInvokes'], async (aws) => {
    const arn = await started(aws);
    const command = new aws.runtime.ListAsyncInvokesCommand({ maxResults: 1 });
    const { asyncInvokeSummaries: [newest] = [] } = await aws.client.send(command);
    assert.equal(newest?.invocationArn, arn);
  }),
];

export const awsCalls = [...converse, ...invoke, ...others];

/** The operation's own name stands for the cell where none is given. */
function call(
  command: string,
  served: readonly string[],
  ...rest: [AwsCall['body']] | [string, AwsCall['body']]
): AwsCall {
  const body = rest.at(-1) as AwsCall['body'];
  const operation = typeof rest[0] === 'string' ? rest[0] : command;
  return { operation, command: `${command}Command`, served, body };
}

async function streamed(
  { runtime, client }: Pick<AwsClient, 'runtime' | 'client'>,
  input: Runtime.ConverseStreamCommandInput,
) {
  const { stream } = await client.send(new runtime.ConverseStreamCommand(input));
  const events: Runtime.ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  const text = events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
  return { events, text };
}

async function brokenAfterThree(
  runtime: typeof Runtime,
  stream: AsyncIterable<unknown> | undefined,
): Promise<void> {
  let count = 0;
  const error = await refusal(async () => {
    for await (const _ of stream ?? []) count += 1;
  });
  assert.ok(error instanceof runtime.ThrottlingException, `${error.name}: ${error.message}`);
  assert.equal(count, 3);
}

/** A model's own JSON has a shape of its own for each family. */
// biome-ignore lint/suspicious/noExplicitAny: what is asserted of it is its whole description.
type ModelJson = any;

function jsonOf(body: Uint8Array | undefined): ModelJson {
  return JSON.parse(Buffer.from(body ?? []).toString());
}

async function chunksOf(
  stream:
    | AsyncIterable<{ readonly chunk?: { readonly bytes?: Uint8Array | undefined } }>
    | undefined,
): Promise<ModelJson[]> {
  const events: ModelJson[] = [];
  for await (const { chunk } of stream ?? []) events.push(jsonOf(chunk?.bytes));
  return events;
}

async function* conversation(content: string) {
  const names = { promptName: 'p', contentName: 'c' };
  const events = [
    { sessionStart: { inferenceConfiguration: { maxTokens: 1024 } } },
    { promptStart: { promptName: 'p' } },
    { contentStart: { ...names, type: 'TEXT', role: 'USER' } },
    { textInput: { ...names, content } },
    { contentEnd: names },
    { promptEnd: { promptName: 'p' } },
    { sessionEnd: {} },
  ];
  for (const event of events) {
    yield { chunk: { bytes: Buffer.from(JSON.stringify({ event })) } };
  }
}

async function started({ runtime, client }: AwsClient): Promise<string> {
  const command = new runtime.StartAsyncInvokeCommand({
    modelId: models.reel,
    modelInput: { taskType: 'TEXT_VIDEO', textToVideoParams: { text: 'A river.' } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/films' } },
  });
  return String((await client.send(command)).invocationArn);
}
