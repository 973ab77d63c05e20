// Tools, reasoning, citations and guardrails through the AWS SDK: what Converse answers as blocks
// and ConverseStream as events, and that both tell the same.

import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  type ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import { converseInput } from '../../fixtures/bedrock-clients.ts';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

const toolConfig: ToolConfiguration = {
  tools: ['weather', 'time'].map((name) => ({
    toolSpec: {
      name,
      inputSchema: {
        json: {
          type: 'object',
          properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
        },
      },
    },
  })),
};
const all = '[[leakbed thinking=3 chunks=4 citations=2 tool=2]]';

type Stream = AsyncIterable<ConverseStreamOutput> | undefined;

async function eventsOf(stream: Stream): Promise<ConverseStreamOutput[]> {
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

overBothTransports('Converse gives blocks in the order of the script', async (t, client) => {
  const input = { ...converseInput(all), toolConfig };
  const answer = await client.send(new ConverseCommand(input));
  const content = answer.output?.message?.content ?? [];
  t.same(
    content.map((block) => Object.keys(block)[0]),
    ['reasoningContent', 'citationsContent', 'toolUse', 'toolUse'],
  );
  t.equal(answer.stopReason, 'tool_use');
  t.equal(content[0]?.reasoningContent?.reasoningText?.text?.length, 72);
  t.ok(content[0]?.reasoningContent?.reasoningText?.signature);
  t.equal(content[1]?.citationsContent?.citations?.length, 2);
  t.match(content[2]?.toolUse, { name: 'weather', toolUseId: /^tooluse_\w{22}$/ });
  t.match(content[2]?.toolUse?.input, { city: String, days: Number });
  t.equal(content[3]?.toolUse?.name, 'time');
});

overBothTransports('ConverseStream tells the same answer in pieces', async (t, client) => {
  const input = { ...converseInput(all), toolConfig };
  const { stream } = await client.send(new ConverseStreamCommand(input));
  const events = await eventsOf(stream);
  const starts = events.filter(({ contentBlockStart }) => contentBlockStart);
  t.equal(starts.length, 2, 'only tool use is announced');
  const stops = events.flatMap(({ contentBlockStop: stop }) =>
    stop ? [stop.contentBlockIndex] : [],
  );
  t.same(stops, [0, 1, 2, 3]);
  const deltas = events.flatMap(({ contentBlockDelta: delta }) => (delta ? [delta] : []));
  const signatures = deltas.filter(({ delta }) => delta?.reasoningContent?.signature);
  t.equal(signatures.length, 1);
  t.equal(deltas.filter(({ delta }) => delta?.citation).length, 2);
  const json = deltas
    .filter(({ contentBlockIndex }) => contentBlockIndex === 2)
    .map(({ delta }) => delta?.toolUse?.input ?? '');
  t.equal(json[0], '', 'Claude begins with an empty piece');
  t.match(JSON.parse(json.join('')), { city: String, days: Number });
  t.equal(events.at(-2)?.messageStop?.stopReason, 'tool_use');
});

overBothTransports('a conversation with tools goes round', async (t, client) => {
  const asked = { ...converseInput('[[leakbed tool=1 chunks=1]]'), toolConfig };
  const first = await client.send(new ConverseCommand(asked));
  const message = first.output?.message;
  const toolUseId = message?.content?.at(-1)?.toolUse?.toolUseId;
  const result = { toolUseId, content: [{ text: 'Rain.' }, { json: { days: 3 } }] };
  const answered = await client.send(
    new ConverseCommand({
      ...asked,
      messages: [
        ...asked.messages,
        message ?? { role: 'assistant', content: [] },
        {
          role: 'user',
          content: [{ toolResult: result }, { text: '[[leakbed chunks=2]]' }],
        },
      ],
    }),
  );
  t.ok(answered.output?.message?.content?.[0]?.text);
  const withoutResult = client.send(
    new ConverseCommand({
      ...asked,
      messages: [
        ...asked.messages,
        message ?? { role: 'assistant', content: [] },
        {
          role: 'user',
          content: [{ text: 'Never mind.' }],
        },
      ],
    }),
  );
  await t.rejects(withoutResult, {
    name: 'ValidationException',
    message: `Expected toolResult blocks at messages.2.content for the following Ids: ${toolUseId}`,
  });
});

overBothTransports(
  'a tool that must be called is called, and nothing is said',
  async (t, client) => {
    const forced = { ...toolConfig, toolChoice: { tool: { name: 'time' } } };
    const input = { ...converseInput('What time is it?'), toolConfig: forced };
    const answer = await client.send(new ConverseCommand(input));
    const content = answer.output?.message?.content ?? [];
    t.same([content.length, content[0]?.toolUse?.name], [1, 'time']);
    t.equal(answer.stopReason, 'tool_use');
  },
);

overBothTransports('a guardrail leaves its trace in body and stream', async (t, client) => {
  const guardrailConfig = {
    guardrailIdentifier: 'abc123def456',
    guardrailVersion: '2',
    trace: 'enabled' as const,
  };
  const input = { ...converseInput('[[leakbed chunks=1 stop=guardrail]]'), guardrailConfig };
  const answer = await client.send(new ConverseCommand(input));
  t.equal(answer.stopReason, 'guardrail_intervened');
  const assessed = answer.trace?.guardrail?.inputAssessment?.abc123def456;
  t.match(assessed, {
    appliedGuardrailDetails: { guardrailVersion: '2', guardrailOwnership: 'SELF' },
  });
  t.match(assessed?.contentPolicy?.filters, [{ action: 'BLOCKED' }]);
  const { stream } = await client.send(new ConverseStreamCommand(input));
  const last = (await eventsOf(stream)).at(-1)?.metadata;
  t.same(last?.trace?.guardrail, answer.trace?.guardrail);
  const quiet = { ...input, guardrailConfig: { ...guardrailConfig, trace: 'disabled' as const } };
  t.notOk((await client.send(new ConverseCommand(quiet))).trace);
});

overBothTransports('performance, tier and fields of the model come back', async (t, client) => {
  const input: ConverseCommandInput = {
    ...converseInput('[[leakbed stop=stop-sequence]]'),
    inferenceConfig: { stopSequences: ['END'] },
    performanceConfig: { latency: 'optimized' },
    serviceTier: { type: 'priority' },
    additionalModelResponseFieldPaths: ['/stop_sequence'],
  };
  const answer = await client.send(new ConverseCommand(input));
  t.match(answer, {
    performanceConfig: { latency: 'optimized' },
    serviceTier: { type: 'priority' },
    additionalModelResponseFields: { stop_sequence: 'END' },
    stopReason: 'stop_sequence',
  });
  const { stream } = await client.send(new ConverseStreamCommand(input));
  const events = await eventsOf(stream);
  t.match(events.at(-2)?.messageStop?.additionalModelResponseFields, { stop_sequence: 'END' });
  t.match(events.at(-1)?.metadata, { performanceConfig: { latency: 'optimized' } });
});

const image = (bytes: number) => ({
  image: { format: 'png' as const, source: { bytes: Buffer.alloc(bytes, 1) } },
});
const file = (name: string, bytes = 10) => ({
  document: { format: 'txt' as const, name, source: { bytes: Buffer.alloc(bytes, 65) } },
});

overBothTransports('images and documents are taken up to their limits', async (t, client) => {
  const ask = (...content: object[]) =>
    client.send(
      new ConverseCommand({
        modelId: converseInput('').modelId,
        messages: [{ role: 'user', content: [{ text: 'See.' }, ...content] as never }],
      }),
    );
  await t.resolves(ask(image(3_750_000), file('five MB', 4_500_000)));
  const refused = (message: RegExp) => ({ name: 'ValidationException', message });
  await t.rejects(ask(image(3_750_010)), refused(/^The image at messages\.0\.content\.1\.image/));
  await t.rejects(ask(file('a', 4_500_010)), refused(/^The document at messages\.0/));
  await t.rejects(ask(...Array(21).fill(image(4))), refused(/up to 20 images, found 21/));
  await t.rejects(ask(...Array(6).fill(file('a'))), refused(/up to 5 documents, found 6/));
  await t.rejects(ask(file('a_b.txt')), refused(/^The document file name can only contain/));
});

const extra = '[[leakbed redacted=1 server-tools=1 images=1 chunks=2]]';
const systemTool = { tools: [{ systemTool: { name: 'nova_code_interpreter' } }] };

overBothTransports(
  'hidden reasoning, server tools and images come as blocks',
  async (t, client) => {
    const input = { ...converseInput(extra), toolConfig: systemTool };
    const answer = await client.send(new ConverseCommand(input));
    const [hidden, use, result, image, text] = answer.output?.message?.content ?? [];
    t.equal(hidden?.reasoningContent?.redactedContent?.length, 96);
    t.match(use?.toolUse, { name: 'nova_code_interpreter', type: 'server_tool_use' });
    t.match(result?.toolResult, {
      toolUseId: use?.toolUse?.toolUseId,
      status: 'success',
      type: 'nova_code_interpreter_result',
      content: [{ json: { exitCode: 0 } }],
    });
    t.equal(image?.image?.format, 'png');
    t.same([...(image?.image?.source?.bytes?.slice(1, 4) ?? [])], [...Buffer.from('PNG')]);
    t.ok(text?.text);
    t.equal(answer.stopReason, 'end_turn');

    const { stream } = await client.send(new ConverseStreamCommand(input));
    const events = await eventsOf(stream);
    const starts = events.flatMap(({ contentBlockStart: start }) => start ?? []);
    t.same(
      starts.map(({ contentBlockIndex, start }) => [
        contentBlockIndex,
        Object.keys(start ?? {})[0],
      ]),
      [
        [1, 'toolUse'],
        [2, 'toolResult'],
        [3, 'image'],
      ],
    );
    const deltas = events.flatMap(({ contentBlockDelta: delta }) => delta?.delta ?? []);
    t.equal(deltas[0]?.reasoningContent?.redactedContent?.length, 96);
    t.match(deltas[2]?.toolResult, [{ json: { exitCode: 0 } }]);
    t.equal(deltas[3]?.image?.source?.bytes?.length, image?.image?.source?.bytes?.length);
  },
);

overBothTransports('a share of a stream counts those blocks too', async (t, client) => {
  const prompt = extra.replace(']]', ' fault=truncate;at=100%]]');
  const { stream } = await client.send(new ConverseStreamCommand(converseInput(prompt)));
  const whole = await client.send(new ConverseStreamCommand(converseInput(extra)));
  t.equal((await eventsOf(stream)).length, (await eventsOf(whole.stream)).length);
});
