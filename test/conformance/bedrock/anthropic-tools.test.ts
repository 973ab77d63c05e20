// The Anthropic SDK puts streamed tools and thinking together as it does with the real service.

import { test } from 'tap';
import { anthropicClient, messagesInput, mocksFor } from '../../fixtures/bedrock-clients.ts';

const tools = [
  {
    name: 'weather',
    input_schema: {
      type: 'object' as const,
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
    },
  },
];
const prompt = '[[leakbed thinking=3 chunks=4 tool=2 bytes=10]]';

for (const how of ['whole', 'streamed'] as const) {
  test(`a ${how} message holds thinking, text and calls`, async (t) => {
    const client = anthropicClient(await mocksFor(t), 0);
    const input = { ...messagesInput(prompt), tools };
    const message = await (how === 'whole'
      ? client.messages.create(input)
      : client.messages.stream(input).finalMessage());
    t.same(
      message.content.map(({ type }) => type),
      ['thinking', 'text', 'tool_use', 'tool_use'],
    );
    t.match(message.content[0], { thinking: /^.{30}$/s, signature: /^[\w+/]+=*$/ });
    t.match(message.content[1], { text: /^.{40}$/s });
    t.match(message.content[2], { name: 'weather', id: /^toolu_bdrk_01\w{22}$/ });
    t.match(message.content[2], { input: { city: /^.{10}$/s, days: Number } });
    t.equal(message.stop_reason, 'tool_use');
  });
}

for (const how of ['whole', 'streamed'] as const) {
  test(`a ${how} message holds reasoning that is hidden, before the rest`, async (t) => {
    const mocks = await mocksFor(t);
    const client = anthropicClient(mocks, 0);
    const input = messagesInput('[[leakbed redacted=2 thinking=1 chunks=1]]');
    const message = await (how === 'whole'
      ? client.messages.create(input)
      : client.messages.stream(input).finalMessage());
    const types = message.content.map(({ type }) => type);
    t.same(types, ['redacted_thinking', 'redacted_thinking', 'thinking', 'text']);
    t.match(message.content[0], { data: /^[\w+/]{128}$/ });
    // What was hidden is sent back as it came.
    const turns = [{ role: 'assistant' as const, content: message.content }, ...input.messages];
    const messages = [...input.messages, ...turns];
    await t.resolves(client.messages.create({ ...input, messages }));
  });
}

test('hidden reasoning counts in the share of a stream', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const count = async (words: string) => {
    let events = 0;
    const input = { ...messagesInput(`[[leakbed ${words}]]`), stream: true as const };
    for await (const _event of await client.messages.create(input)) events += 1;
    return events;
  };
  const hidden = 'redacted=3 chunks=4';
  t.equal(await count(`${hidden} fault=truncate;at=100%`), await count(hidden));
  t.equal(await count(hidden), 6 + (await count('chunks=4')));
});

test('partial input of a tool arrives in pieces', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const stream = client.messages.stream({ ...messagesInput(prompt), tools });
  const pieces: string[] = [];
  stream.on('inputJson', (piece) => pieces.push(piece));
  await stream.finalMessage();
  t.ok(pieces.length > 4);
});

test('a result that answers no call is refused in the words of the model', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const content = [{ type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'x' }];
  const asked = client.messages.create({
    ...messagesInput(''),
    tools,
    messages: [{ role: 'user', content }],
  });
  await t.rejects(asked, { status: 400, message: /unexpected `tool_use_id` found.*toolu_1/ });
});

test('a budget of thinking must fit into the answer', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const ask = (budget: number, most: number) =>
    client.messages.create({
      ...messagesInput('Hi'),
      max_tokens: most,
      thinking: { type: 'enabled', budget_tokens: budget },
    });
  await t.rejects(ask(1023, 4000), { status: 400, message: /greater than or equal to 1024/ });
  await t.rejects(ask(4000, 4000), { status: 400, message: /must be greater than/ });
  await t.resolves(ask(1024, 4000));
});
