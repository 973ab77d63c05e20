// What Converse refuses, row by row: the exception, and the words of the service.

import { converseBody } from '../../fixtures/bedrock-answer.ts';

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const withInference = (inferenceConfig: unknown) => ({ ...converseBody, inferenceConfig });
const withTool = (toolSpec: unknown) => ({
  ...converseBody,
  toolConfig: { tools: [{ toolSpec }] },
});

export interface ConverseRefusal {
  readonly what: string;
  readonly body: unknown;
  readonly code?: string;
  readonly message: string | RegExp;
  readonly model?: string;
}

export const converseRefusals: readonly ConverseRefusal[] = [
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
      "1 validation error detected: Value '[]' at 'toolConfig.tools' failed to satisfy " +
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
    what: 'a value of metadata with a sign that is not allowed, which is not shown',
    body: { ...converseBody, requestMetadata: { a: '!' } },
    message:
      "1 validation error detected: Value at 'requestMetadata' failed to satisfy constraint: Map " +
      'value must satisfy constraint: [Member must have length less than or equal to 256, Member ' +
      'must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}]',
  },
  {
    what: 'an empty key of metadata',
    body: { ...converseBody, requestMetadata: { '': 'v' } },
    message: /Value at 'requestMetadata' .* Map keys must satisfy constraint: \[Member must have /,
  },
  {
    what: 'an empty stop sequence, with all of them',
    body: withInference({ stopSequences: ['a', ''] }),
    message:
      "1 validation error detected: Value '[a, ]' at 'inferenceConfig.stopSequences' failed to " +
      'satisfy constraint: Member must satisfy constraint: [Member must have length greater than ' +
      'or equal to 1]',
  },
  {
    what: 'a place in S3 that is none',
    body: user([
      { image: { format: 'png', source: { s3Location: { uri: 'https://bucket/a.png' } } } },
    ]),
    message: /image\.source\.s3Location\.uri' .* regular expression pattern: s3:/,
  },
  {
    what: 'an id of a tool call with a blank',
    body: user([{ toolResult: { toolUseId: 'a b', content: [] } }]),
    message: /toolResult\.toolUseId' .* regular expression pattern: \[a-zA-Z0-9_\.:-\]\+$/,
  },
  {
    what: 'a citation whose place is none of those there are',
    body: {
      messages: [
        ...converseBody.messages,
        {
          role: 'assistant',
          content: [{ citationsContent: { citations: [{ location: { page: 1 } }] } }],
        },
      ],
    },
    message: /^The CitationLocation object at messages\.1\.content\.0\..* must set one of the foll/,
  },
  {
    what: 'a model id of no known form',
    body: converseBody,
    model: 'not-a-model',
    message: 'The provided model identifier is invalid.',
  },
  {
    what: 'a model id that its pattern forbids, together with what is wrong in the body',
    body: withInference({ maxTokens: 0 }),
    model: 'not a model',
    message:
      /^2 validation errors detected: Value 'not a model' at 'modelId' .* regular expression pattern: \(arn:aws.*; Value '0' at 'inferenceConfig\.maxTokens'/,
  },
  {
    what: 'a model id of 2049 characters',
    body: converseBody,
    model: 'm'.repeat(2049),
    message:
      /at 'modelId' failed to satisfy constraint: Member must have length less than or equal /,
  },
  {
    what: 'a broken constraint before it asks which model it is',
    body: withInference({ maxTokens: 0 }),
    model: 'anthropic.claude-sonnet-4-20250514-v1:0',
    message: /^1 validation error detected: Value '0' at 'inferenceConfig\.maxTokens'/,
  },
  {
    what: 'a model before it looks at the conversation',
    body: { messages: [] },
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
