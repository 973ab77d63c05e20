// The families of text models without a server: counts agree everywhere, positions in a stream are
// right, and bodies that the model refuses are refused in its words.

import { test } from 'tap';
import type { Answer } from '../../../mocks/provider.ts';
import {
  answerTo,
  bodyOf,
  eventsOf,
  framesOf,
  pathOf,
  scriptOf,
} from '../../fixtures/bedrock-answer.ts';
import { textFamilies, valueAt } from '../../fixtures/bedrock-families.ts';

const scripts = [
  {},
  { chunks: 0 },
  { chunks: 1, bytes: 5 },
  { chunks: 3, thinking: 2, tool: 2, citations: 1 },
  { chunks: 0, tool: 1 },
  { stop: 'max-tokens', chunks: 2 },
];

for (const { family, model, body, stop } of textFamilies) {
  const path = (operation: string) => pathOf(model, operation);

  for (const words of scripts) {
    const said = JSON.stringify(words);
    test(`${family} counts its own chunks for the script ${said}`, async (t) => {
      const answer = answerTo(path('invoke-with-response-stream'), body('Hi'), words);
      t.equal(framesOf(answer, scriptOf(words)).length, answer.totalEvents);
    });
  }

  test(`${family} says when the tokens ran out`, async (t) => {
    const whole = bodyOf(path('invoke'), body('Hi'), { stop: 'max-tokens' }).value;
    t.equal(valueAt(whole, stop.whole), stop.length);
  });

  test(`${family} counts tokens alike in headers and in the metrics of a stream`, async (t) => {
    const { headers } = answerTo(path('invoke'), body('Hi'), { chunks: 5, bytes: 8 });
    const last = eventsOf(path('invoke-with-response-stream'), body('Hi'), { chunks: 5, bytes: 8 });
    const bytes = String(last.at(-1)?.payload.bytes);
    const chunk = JSON.parse(Buffer.from(bytes, 'base64').toString());
    const metrics = chunk['amazon-bedrock-invocationMetrics'];
    t.equal(headers['X-Amzn-Bedrock-Input-Token-Count'], String(metrics.inputTokenCount));
    t.equal(headers['X-Amzn-Bedrock-Output-Token-Count'], String(metrics.outputTokenCount));
    t.equal(metrics.outputTokenCount, 10);
  });

  test(`${family} tells no usage when a fault took it away`, async (t) => {
    const answer = answerTo(path('invoke-with-response-stream'), body('Hi'), { chunks: 2 });
    const frames = withoutUsage(answer);
    const texts = frames.map(({ bytes }) => chunkText(bytes));
    t.notOk(texts.some((text) => text.includes('invocationMetrics')));
    t.ok(texts.length > 0);
  });
}

interface Refusal {
  readonly model: string;
  readonly body: object;
  readonly violation: string;
}

const refusals: readonly Refusal[] = [
  {
    model: 'amazon.titan-text-express-v1',
    body: { inputText: 'a', textGenerationConfig: { temperature: 1.5 } },
    violation: '#/textGenerationConfig/temperature: 1.5 is not less or equal to 1',
  },
  {
    model: 'amazon.titan-text-express-v1',
    body: { inputText: 'a', textGenerationConfig: { topK: 1 } },
    violation: '#/textGenerationConfig: extraneous key [topK] is not permitted',
  },
  {
    model: 'meta.llama3-8b-instruct-v1:0',
    body: { max_gen_len: 5 },
    violation: '#: required key [prompt] not found',
  },
  {
    model: 'meta.llama3-8b-instruct-v1:0',
    body: { prompt: 'a', max_gen_len: 0 },
    violation: '#/max_gen_len: 0 is not greater or equal to 1',
  },
  {
    model: 'mistral.mistral-7b-instruct-v0:2',
    body: { prompt: 'a', temperature: '1' },
    violation: '#/temperature: expected type: Number, found: String',
  },
  {
    model: 'cohere.command-text-v14',
    body: { prompt: 'a', stop_sequences: Array(5).fill('x') },
    violation: '#/stop_sequences: expected maximum item count: 4, found: 5',
  },
  {
    model: 'cohere.command-r-v1:0',
    body: { prompt: 'a' },
    violation: '#: required key [message] not found#: extraneous key [prompt] is not permitted',
  },
  {
    model: 'amazon.nova-lite-v1:0',
    body: { messages: [{ role: 'user', content: [{ text: 'a' }] }], max_tokens: 5 },
    violation: '#: extraneous key [max_tokens] is not permitted',
  },
];

for (const { model, body, violation } of refusals) {
  test(`${model} refuses ${JSON.stringify(body).slice(0, 60)}`, async (t) => {
    const message = `Malformed input request: ${violation}, please reformat your input and try again.`;
    t.throws(() => answerTo(pathOf(model, 'invoke'), body), { code: 'validation', message });
  });
}

test('Nova sends a call whole, in a block of its own', async (t) => {
  const nova = textFamilies.find(({ family }) => family === 'Nova');
  const path = pathOf('amazon.nova-lite-v1:0', 'invoke-with-response-stream');
  const events = eventsOf(path, nova?.body('Hi'), { chunks: 1, tool: 2 });
  const names = events.map(({ payload }) => {
    const json = Buffer.from(String(payload.bytes), 'base64').toString();
    return Object.keys(JSON.parse(json))[0];
  });
  const call = ['contentBlockStart', 'contentBlockDelta', 'contentBlockStop'];
  t.same(names, ['messageStart', ...call.slice(1), ...call, ...call, 'messageStop', 'metadata']);
});

test('Command R tells its calls and repeats the conversation', async (t) => {
  const tool = { name: 'weather', parameter_definitions: { city: { type: 'str' } } };
  const body = { message: 'Hi', tools: [tool], chat_history: [{ role: 'USER', message: 'Yo' }] };
  const { value } = bodyOf(pathOf('cohere.command-r-v1:0', 'invoke'), body, { chunks: 1, tool: 1 });
  t.equal(value.chat_history.length, 3);
  t.match(value.tool_calls, [{ parameters: { query: String } }]);
});

function withoutUsage({ codec }: Answer) {
  const events = [...scriptOf({ chunks: 2 }).events()];
  const kept = events.filter(({ event }) => event.kind !== 'usage');
  return [...kept.flatMap(({ event }) => codec.encode(event)), ...codec.finish()];
}

function chunkText(frame: Uint8Array): string {
  const json =
    Buffer.from(frame)
      .toString('latin1')
      .match(/"bytes":"([^"]+)"/)?.[1] ?? '';
  return Buffer.from(json, 'base64').toString();
}

test('Mistral chat tells its calls with why it stopped, whole and in its last chunk', async (t) => {
  const tool = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };
  const messages = [{ role: 'user', content: 'Hi' }];
  const path = (operation: string) => pathOf('mistral.mistral-large-2407-v1:0', operation);
  const words = { chunks: 1, tool: 1 };
  const { value } = bodyOf(path('invoke'), { messages, tools: [tool] }, words);
  const told = {
    message: { tool_calls: [{ id: /^\w{9}$/, function: { name: String, arguments: String } }] },
    stop_reason: 'tool_calls',
  };
  t.match(value.choices[0], told);
  const events = eventsOf(path('invoke-with-response-stream'), { messages, tools: [tool] }, words);
  const { bytes } = events.at(-1)?.payload ?? {};
  t.match(JSON.parse(Buffer.from(String(bytes), 'base64').toString()).choices[0], told);
});
