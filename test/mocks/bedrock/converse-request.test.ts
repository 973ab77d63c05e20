// What Converse refuses, with the exception and the words of the service; and what it takes.

import { test } from 'tap';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import { ProviderError } from '../../../mocks/provider.ts';
import { claude, converseBody, pathOf, requestTo } from '../../fixtures/bedrock-answer.ts';

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const withInference = (inferenceConfig: unknown) => ({ ...converseBody, inferenceConfig });
const withTool = (toolSpec: unknown) => ({
  ...converseBody,
  toolConfig: { tools: [{ toolSpec }] },
});

interface Refusal {
  readonly what: string;
  readonly body: unknown;
  readonly code?: string;
  readonly message: string | RegExp;
  readonly model?: string;
}

const refusals: readonly Refusal[] = [
  {
    what: 'a body that is not JSON',
    body: '{"messages":',
    code: 'SerializationException',
    message: 'Unable to parse the request body as JSON.',
  },
  {
    what: 'messages that are no list',
    body: { messages: 'Hello' },
    code: 'SerializationException',
    message: 'Unexpected field type',
  },
  {
    what: 'a number where text belongs',
    body: user([{ text: 5 }]),
    code: 'SerializationException',
    message: 'NUMBER_VALUE can not be converted to a String',
  },
  {
    what: 'a fraction of a token',
    body: withInference({ maxTokens: 1.5 }),
    code: 'SerializationException',
    message: 'NUMBER_VALUE can not be converted to an Integer',
  },
  {
    what: 'no messages',
    body: { messages: [] },
    message: /^A conversation must start with a user message\./,
  },
  {
    what: 'an assistant who speaks first',
    body: { messages: [{ role: 'assistant', content: [{ text: 'Hi' }] }] },
    message: /^A conversation must start with a user message\./,
  },
  {
    what: 'a role nobody has',
    body: { messages: [{ role: 'robot', content: [{ text: 'Hi' }] }] },
    message:
      "1 validation error detected: Value 'robot' at 'messages.1.member.role' failed " +
      'to satisfy constraint: Member must satisfy enum value set: [user, assistant, ' +
      'system]',
  },
  {
    what: 'a message without content',
    body: { messages: [{ role: 'user' }] },
    message: /Value null at 'messages\.1\.member\.content' .*: Member must not be null$/,
  },
  {
    what: 'an empty content',
    body: user([]),
    message:
      'The content field in the Message object at messages.0 is empty. Add a ' +
      'ContentBlock object to the content field and try again.',
  },
  {
    what: 'a block of no known kind',
    body: user([{ poem: 'Roses' }]),
    message:
      /^The ContentBlock object at messages\.0\.content\.0 must set one of the following keys/,
  },
  {
    what: 'a block of two kinds',
    body: user([{ text: 'a', cachePoint: { type: 'default' } }]),
    message: /^The ContentBlock object at messages\.0\.content\.0 must set one/,
  },
  {
    what: 'a blank text',
    body: user([{ text: ' \n' }]),
    message:
      'The text field in the ContentBlock object at messages.0.content.0 is blank. Add ' +
      'text to the text field, and try again.',
  },
  {
    what: 'a tool result without its id',
    body: user([{ toolResult: { content: [] } }]),
    message: /Value null at 'messages\.1\.member\.content\.1\.member\.toolResult\.toolUseId'/,
  },
  {
    what: 'two limits broken, both named',
    body: withInference({ maxTokens: 0, temperature: 1.5 }),
    message:
      "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed " +
      'to satisfy constraint: Member must have value greater than or equal to 1; Value ' +
      "'1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: Member " +
      'must have value less than or equal to 1',
  },
  {
    what: 'a negative top-p',
    body: withInference({ topP: -0.1 }),
    message: /'inferenceConfig\.topP' .* greater than or equal to 0$/,
  },
  {
    what: '2501 stop sequences',
    body: withInference({ stopSequences: Array(2501).fill('x') }),
    message: /Value at 'inferenceConfig\.stopSequences' .* less than or equal to 2500$/,
  },
  {
    what: 'no tools in a tool config',
    body: { ...converseBody, toolConfig: { tools: [] } },
    message:
      "1 validation error detected: Value at 'toolConfig.tools' failed to satisfy " +
      'constraint: Member must have length greater than or equal to 1',
  },
  {
    what: 'a tool name of 65 characters',
    body: withTool({ name: 'n'.repeat(65), inputSchema: { json: {} } }),
    message: /'toolConfig\.tools\.1\.member\.toolSpec\.name' .* less than or equal to 64$/,
  },
  {
    what: '17 entries of metadata',
    body: {
      ...converseBody,
      requestMetadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])),
    },
    message: /'requestMetadata' .* less than or equal to 16$/,
  },
  {
    what: 'a model id of no known form',
    body: converseBody,
    model: 'not-a-model',
    message: 'The provided model identifier is invalid.',
  },
  {
    what: 'an embedding model',
    body: converseBody,
    model: 'amazon.titan-embed-text-v2:0',
    message: /^This action doesn't support the model that you provided\./,
  },
];

for (const { what, body, code = 'validation', message, model = claude } of refusals) {
  test(`Converse refuses ${what}`, async (t) => {
    const error = refusalOf(model, body);
    t.equal(error.code, code);
    if (typeof message === 'string') t.equal(error.message, message);
    else t.match(error.message, message);
  });
}

test('all limits at their very ends are taken', async (t) => {
  const call = read(claude, {
    ...converseBody,
    inferenceConfig: {
      maxTokens: 1,
      temperature: 1,
      topP: 0,
      stopSequences: Array(2500).fill('x'),
    },
    toolConfig: {
      tools: [{ toolSpec: { name: 'n'.repeat(64), inputSchema: { json: {} } } }],
    },
    additionalModelRequestFields: { top_k: 5 },
  });
  t.equal(call.maxTokens, 1);
});

test('the prompt is what the user said, and the count covers all there is to read', async (t) => {
  const tools = [{ toolSpec: { name: 'b', inputSchema: { json: {} } } }];
  const call = read(claude, {
    toolConfig: { tools },
    system: [{ text: 'S'.repeat(40) }],
    messages: [
      { role: 'user', content: [{ text: 'first' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'a', name: 'b', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'sun' }] } }] },
      { role: 'user', content: [{ text: 'second' }, { text: 'third' }] },
    ],
  });
  t.equal(call.prompt, 'first\nsun\nsecond\nthird');
  t.equal(
    call.inputTokens,
    Math.ceil((JSON.stringify(tools).length + 40 + 'firstsunsecond\nthird'.length) / 4),
  );
});

function read(model: string, body: unknown) {
  const routed = bedrock.route(requestTo(pathOf(model, 'converse'), body));
  if (routed === undefined) throw new Error('Converse was not found.');
  return routed.read().call;
}

function refusalOf(model: string, body: unknown): ProviderError {
  try {
    read(model, body);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('The request was taken.');
}
