// InvokeModel with the Messages body: the answer, its headers, and what is refused.

import { test } from 'tap';
import { answerTo, bodyOf, claude, messagesBody, pathOf } from '../../fixtures/bedrock-answer.ts';

const path = pathOf(claude, 'invoke');
const withMessage = (message: unknown) => ({ ...messagesBody, messages: [message] });

test('the answer is a Messages body in the order of the provider', async (t) => {
  const { value } = bodyOf(path, messagesBody, { chunks: 5, bytes: 8 });
  t.same(Object.keys(value), [
    'id',
    'type',
    'role',
    'model',
    'content',
    'stop_reason',
    'stop_sequence',
    'usage',
  ]);
  t.match(value.id, /^msg_bdrk_01[0-9A-Za-z]{22}$/);
  t.equal(value.model, 'claude-3-haiku-20240307');
  t.equal(value.content[0].text.length, 40);
  t.same(value.usage, { input_tokens: 3, output_tokens: 10 });
});

test('headers count tokens and time', async (t) => {
  t.match(answerTo(path, messagesBody, { chunks: 5, bytes: 8, ttft: '20ms', gap: '2ms' }).headers, {
    'Content-Type': 'application/json',
    'X-Amzn-Bedrock-Input-Token-Count': '3',
    'X-Amzn-Bedrock-Output-Token-Count': '10',
    'X-Amzn-Bedrock-Invocation-Latency': '30',
  });
});

test('a stop sequence is named when it ended the answer', async (t) => {
  const body = { ...messagesBody, stop_sequences: ['END', 'FIN'] };
  const { value } = bodyOf(path, body, { stop: 'stop-sequence' });
  t.equal(value.stop_reason, 'stop_sequence');
  t.equal(value.stop_sequence, 'END');
});

test('an opaque id is answered by the form of its body', async (t) => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6';
  t.equal(bodyOf(pathOf(arn, 'invoke'), messagesBody).value.role, 'assistant');
  t.equal(bodyOf(pathOf(arn, 'invoke'), { inputText: 'Hi' }).value.inputTextTokenCount, 1);
});

test('a model that is not faked gives ResourceNotFoundException', async (t) => {
  const error = { code: 'not-found' };
  t.throws(() => answerTo(pathOf('ai21.jamba-1-5-mini-v1:0', 'invoke'), {}), error);
});

const refusals: readonly (readonly [what: string, body: unknown, message: RegExp])[] = [
  ['a body that is not JSON', '{"max_tokens":', /^Malformed input request, please reformat/],
  ['a body that is a list', [], /^Malformed input request: #: expected type: JSONObject/],
  ['no max_tokens', { ...messagesBody, max_tokens: undefined }, /^max_tokens: Field required$/],
  ['no version', { ...messagesBody, anthropic_version: undefined }, /^anthropic_version: Field r/],
  ['zero tokens', { ...messagesBody, max_tokens: 0 }, /greater than or equal to 1$/],
  [
    'no messages',
    { ...messagesBody, messages: [] },
    /^messages: at least one message is required$/,
  ],
  ['a system role', withMessage({ role: 'system', content: 'x' }), /Input should be 'user' or 'a/],
  ['no content', withMessage({ role: 'user' }), /^messages\.0\.content: Field required$/],
  ['an empty content', withMessage({ role: 'user', content: '' }), /^messages\.0: all messages m/],
  [
    'a block without a type',
    withMessage({ role: 'user', content: [{ text: 'x' }] }),
    /^messages\.0\.content\.0\.type: Field required$/,
  ],
  ['a temperature of 2', { ...messagesBody, temperature: 2 }, /^temperature: range: 0\.\.1$/],
];

for (const [what, body, message] of refusals) {
  test(`InvokeModel refuses ${what}`, async (t) => {
    t.throws(() => answerTo(path, body), { code: 'validation', message });
  });
}

test('a body over 25,000,000 bytes is refused, one of just that size is read', async (t) => {
  const padded = (bytes: number) => {
    const json = JSON.stringify(messagesBody);
    return json + ' '.repeat(bytes - json.length);
  };
  t.throws(() => answerTo(path, padded(25_000_001)), { message: /equal to 25000000$/ });
  t.doesNotThrow(() => answerTo(path, padded(25_000_000)));
});
