// InvokeModelWithBidirectionalStream through the AWS SDK: what the client says next depends on what
// it has heard, so these pass only if both directions flow at once.

import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { InvokeModelWithBidirectionalStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

const sonic = 'amazon.nova-sonic-v1:0';
type Chunk = { readonly chunk: { readonly bytes: Uint8Array } };
type Heard = { readonly name: string; readonly value: Record<string, unknown> };

const say = (event: object): Chunk => ({
  chunk: { bytes: Buffer.from(JSON.stringify({ event })) },
});
const opening = (prompt: object = {}) => [
  say({ sessionStart: { inferenceConfiguration: { maxTokens: 1024 } } }),
  say({ promptStart: { promptName: 'p', ...prompt } }),
];
const closing = [say({ promptEnd: { promptName: 'p' } }), say({ sessionEnd: {} })];
const ask = (contentName: string, content: string) => [
  say({ contentStart: { promptName: 'p', contentName, type: 'TEXT', role: 'USER' } }),
  say({ textInput: { promptName: 'p', contentName, content } }),
  say({ contentEnd: { promptName: 'p', contentName } }),
];

/** Talks until the answer ends; `heard` is called for each event and may let the client go on. */
async function talk(
  client: BedrockRuntimeClient,
  body: AsyncIterable<Chunk>,
  heard: (event: Heard) => void = () => undefined,
  modelId = sonic,
): Promise<Heard[]> {
  const command = new InvokeModelWithBidirectionalStreamCommand({ modelId, body });
  const { body: answers } = await client.send(command);
  const events: Heard[] = [];
  for await (const { chunk } of answers ?? []) {
    const { event } = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString());
    const [name = '', value] = Object.entries(event)[0] ?? [];
    const one = { name, value: value as Record<string, unknown> };
    events.push(one);
    heard(one);
  }
  return events;
}

async function* saying(...chunks: readonly Chunk[]): AsyncGenerator<Chunk> {
  yield* chunks;
}

overBothTransports('a second question waits for the first answer', async (t, client, mocks) => {
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  async function* conversation() {
    yield* [...opening(), ...ask('a', '[[leakbed chunks=3]]')];
    await answered;
    yield* [...ask('b', '[[leakbed chunks=2]]'), ...closing];
  }
  const events = await talk(client, conversation(), ({ name }) => {
    if (name === 'completionEnd') resolve();
  });
  const names = events.map(({ name }) => name);
  const once = (texts: number) => [
    'completionStart',
    'contentStart',
    ...Array(texts).fill('textOutput'),
    'contentEnd',
    'usageEvent',
    'completionEnd',
  ];
  t.same(names, [...once(3), ...once(2)]);
  const completions = new Set(events.map(({ value }) => value.completionId));
  t.equal(completions.size, 2);
  t.equal(new Set(events.map(({ value }) => value.sessionId)).size, 1);
  t.match(mocks.journal.since(0), [{ ending: 'complete', model: sonic, events: names.length }]);
});

overBothTransports('sound goes in and comes out beside the text', async (t, client) => {
  const audioOutputConfiguration = { mediaType: 'audio/lpcm', sampleRateHertz: 16_000 };
  const content = Buffer.alloc(64_000).toString('base64');
  const audio = [
    say({ contentStart: { promptName: 'p', contentName: 's', type: 'AUDIO', role: 'USER' } }),
    ...Array(10).fill(say({ audioInput: { promptName: 'p', contentName: 's', content } })),
    say({ contentEnd: { promptName: 'p', contentName: 's' } }),
  ];
  const events = await talk(
    client,
    saying(...opening({ audioOutputConfiguration }), ...audio, ...closing),
  );
  const sounds = events.filter(({ name }) => name === 'audioOutput');
  t.equal(sounds.length, 40);
  t.equal(Buffer.from(String(sounds[0]?.value.content), 'base64').length, 1280);
  const usage = events.find(({ name }) => name === 'usageEvent')?.value;
  t.match(usage, { totalInputTokens: 500, totalOutputTokens: 240, totalTokens: 740 });
});

overBothTransports('a tool is called and its result answered', async (t, client) => {
  const { promise: called, resolve } = Promise.withResolvers<string>();
  const toolSpec = {
    name: 'weather',
    inputSchema: { json: '{"type":"object","properties":{"city":{"type":"string"}}}' },
  };
  async function* conversation() {
    yield* opening({ toolConfiguration: { tools: [{ toolSpec }] } });
    yield* ask('a', '[[leakbed chunks=0 tool=1]]');
    const toolUseId = await called;
    const toolResultInputConfiguration = { toolUseId, type: 'TEXT' };
    const start = { promptName: 'p', contentName: 'r', type: 'TOOL', role: 'TOOL' };
    yield say({ contentStart: { ...start, toolResultInputConfiguration } });
    yield say({ toolResult: { promptName: 'p', contentName: 'r', content: '{"sky":"blue"}' } });
    yield say({ contentEnd: { promptName: 'p', contentName: 'r' } });
    yield* closing;
  }
  const events = await talk(client, conversation(), ({ name, value }) => {
    if (name === 'toolUse') resolve(String(value.toolUseId));
  });
  const use = events.find(({ name }) => name === 'toolUse')?.value;
  t.match(use, { toolName: 'weather', toolUseId: /^tooluse_/ });
  t.match(JSON.parse(String(use?.content)), { city: String });
  t.equal(events.filter(({ name }) => name === 'completionEnd').length, 2);
});

overBothTransports('faults act inside a turn as in any stream', async (t, client) => {
  const events: Heard[] = [];
  const cut = talk(
    client,
    saying(...opening(), ...ask('a', '[[leakbed fault=exception;at=3;name=throttling]]')),
    (event) => events.push(event),
  );
  await t.rejects(cut, { name: 'ThrottlingException' });
  t.equal(events.length, 3);
  const ended = await talk(
    client,
    saying(...opening(), ...ask('a', '[[leakbed fault=truncate;at=5;end=clean]]'), ...closing),
  );
  t.equal(ended.length, 5 + 0);
});

overBothTransports('refusals before the answer are HTTP errors', async (t, client) => {
  const noSession = talk(client, saying(say({ promptStart: { promptName: 'p' } })));
  await t.rejects(noSession, { name: 'ValidationException', $metadata: { httpStatusCode: 400 } });
  const notSpoken = talk(client, saying(...opening()), undefined, 'amazon.nova-lite-v1:0');
  await t.rejects(notSpoken, { name: 'ValidationException', message: /bidirectional streaming/ });
  const refused = talk(
    client,
    saying(...opening(), ...ask('a', '[[leakbed fault=error;name=quota]]')),
  );
  await t.rejects(refused, { name: 'ServiceQuotaExceededException' });
});

overBothTransports(
  'a part of a million bytes is taken, one more byte is not',
  async (t, client) => {
    const sized = (bytes: number) => {
      const event = { textInput: { promptName: 'p', contentName: 'a', content: '' } };
      const empty = JSON.stringify({ event }).length;
      event.textInput.content = 'x'.repeat(bytes - empty);
      return say(event);
    };
    const [start, , end] = ask('a', '');
    const with_ = (bytes: number) =>
      talk(
        client,
        saying(
          ...opening(),
          ...[start, sized(bytes), end].filter((one) => one !== undefined),
          ...closing,
        ),
      );
    t.equal((await with_(1_000_000)).at(-1)?.name, 'completionEnd');
    await t.rejects(with_(1_000_001), { name: 'ValidationException', message: /1000000$/ });
  },
);

overBothTransports(
  'faults of a head leave turns alone, and the journal says why',
  async (t, client, mocks) => {
    for (const fault of ['header-bomb', 'html-error', 'slow-headers', 'gzip-bomb']) {
      mocks.plan.set({ faults: [{ fault }] });
      const before = mocks.journal.lastSequence;
      const events = await talk(client, saying(...opening(), ...ask('a', 'hi'), ...closing));
      t.equal(events.at(-1)?.name, 'completionEnd', fault);
      const [entry] = mocks.journal.since(before);
      t.match(entry?.injected, [new RegExp(`^${fault}: does not apply because a session has one`)]);
    }
    mocks.plan.set({ faults: [{ fault: 'truncate', options: { at: 2 } }] });
    const events = await talk(client, saying(...opening(), ...ask('a', 'hi'), ...closing)).catch(
      () => [],
    );
    t.ok(events.length <= 2, 'what is not of a head acts');
  },
);
