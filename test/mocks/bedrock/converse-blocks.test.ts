// ConverseStream's frames for blocks that are not text, as the service orders and spells them.

import { test } from 'tap';
import {
  answerTo,
  bodyOf,
  claude,
  converseBody,
  eventsOf,
  framesOf,
  pathOf,
  scriptOf,
} from '../../fixtures/bedrock-answer.ts';

const stream = pathOf(claude, 'converse-stream');
const scripts = [
  {},
  { chunks: 0 },
  { chunks: 2, thinking: 3 },
  { chunks: 0, thinking: 1 },
  { chunks: 2, citations: 3 },
  { chunks: 1, tool: 3, bytes: 5 },
  { chunks: 2, thinking: 2, citations: 1, tool: 2, total: 9 },
  { chunks: 3, bytes: 0 },
];

for (const words of scripts) {
  for (const model of [claude, 'amazon.nova-lite-v1:0']) {
    test(`${model} counts its events for ${JSON.stringify(words)}`, async (t) => {
      const answer = answerTo(pathOf(model, 'converse-stream'), converseBody, words);
      t.equal(framesOf(answer, scriptOf(words)).length, answer.totalEvents);
    });
  }
}

test('every payload has its keys sorted and a padding among them', async (t) => {
  const events = eventsOf(stream, converseBody, { chunks: 1, thinking: 1, citations: 1, tool: 1 });
  for (const { json, payload } of events) {
    t.equal(json, JSON.stringify(sorted(payload)));
    t.match(payload.p, /^abc?/);
  }
});

test('blocks are numbered, closed before the next, and only tools are announced', async (t) => {
  const events = eventsOf(stream, converseBody, { chunks: 1, thinking: 1, tool: 1, bytes: 99 });
  t.same(
    events.map(({ type, payload }) => [type, payload.contentBlockIndex]),
    [
      ['messageStart', undefined],
      ['contentBlockDelta', 0],
      ['contentBlockDelta', 0],
      ['contentBlockStop', 0],
      ['contentBlockDelta', 1],
      ['contentBlockStop', 1],
      ['contentBlockStart', 2],
      ['contentBlockDelta', 2],
      ['contentBlockDelta', 2],
      ['contentBlockDelta', 2],
      ['contentBlockStop', 2],
      ['messageStop', undefined],
      ['metadata', undefined],
    ],
  );
  t.match(events[6]?.payload.start, { toolUse: { name: 'lookup', toolUseId: /^tooluse_\w{22}$/ } });
  t.same(events[7]?.payload.delta, { toolUse: { input: '' } });
});

test('Nova sends the input of a tool in one piece, Claude in several', async (t) => {
  const piecesOf = (model: string) =>
    eventsOf(pathOf(model, 'converse-stream'), converseBody, { chunks: 0, tool: 1, bytes: 9 })
      .map(({ payload }) => payload.delta as { toolUse?: { input: string } } | undefined)
      .flatMap((delta) => delta?.toolUse?.input ?? []);
  const nova = piecesOf('amazon.nova-lite-v1:0');
  t.equal(nova.length, 1);
  t.ok(piecesOf(claude).length > 2);
  t.equal(piecesOf(claude).join(''), nova[0]);
});

test('usage of stream and body agree, and count thinking and tools', async (t) => {
  const words = { chunks: 2, thinking: 2, tool: 1, bytes: 40 };
  const { usage } = bodyOf(pathOf(claude, 'converse'), converseBody, words).value;
  t.same(eventsOf(stream, converseBody, words).at(-1)?.payload.usage, usage);
  t.ok(usage.outputTokens >= 40, `${usage.outputTokens} tokens for 160 bytes and a call`);
});

test('a prompt router tells which model it chose', async (t) => {
  const router = 'arn:aws:bedrock:us-east-1:123456789012:prompt-router/a1b2c3d4e5f6';
  const { value } = bodyOf(pathOf(router, 'converse'), converseBody);
  t.match(value.trace.promptRouter.invokedModelId, /^arn:aws:bedrock:.*inference-profile/);
  t.notOk(bodyOf(pathOf(claude, 'converse'), converseBody).value.trace);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
