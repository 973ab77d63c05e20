// Seeded damage to a valid request of every operation and family: each is answered or refused with
// an error of the service, and never trips over itself.

import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { bedrock } from '../../../mocks/bedrock/provider.ts';
import { ProviderError } from '../../../mocks/provider.ts';
import {
  claude,
  framesOf,
  newClaude,
  pathOf,
  requestTo,
  scriptOf,
} from '../../fixtures/bedrock-answer.ts';
import { embeddingFamilies, textFamilies } from '../../fixtures/bedrock-families.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const tool = { toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } };
const conversation: Json = {
  messages: [
    {
      role: 'user',
      content: [
        { text: 'Hi' },
        { image: { format: 'png', source: { bytes: 'AAAA' } } },
        {
          document: {
            format: 'txt',
            name: 'a',
            source: { text: 'b' },
            citations: { enabled: true },
          },
        },
        { cachePoint: { type: 'default', ttl: '5m' } },
        { guardContent: { text: { text: 'x', qualifiers: ['query'] } } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm', signature: 's' } } },
        { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'x' } } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          toolResult: {
            toolUseId: 't1',
            content: [{ json: {} }, { text: 'r' }],
            status: 'success',
          },
        },
        { text: 'And?' },
      ],
    },
  ],
  system: [{ text: 'Be brief.' }],
  toolConfig: { tools: [tool], toolChoice: { any: {} } },
};
const converse: Json = {
  ...(conversation as object),
  inferenceConfig: { maxTokens: 50, temperature: 0.5, topP: 0.5, stopSequences: ['END'] },
  guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: '1', trace: 'enabled' },
  additionalModelResponseFieldPaths: ['/stop_sequence'],
  requestMetadata: { a: 'b' },
  performanceConfig: { latency: 'standard' },
  serviceTier: { type: 'flex' },
};
const messages: Json = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 2000,
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'weather', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'x' }] },
  ],
  tools: [{ name: 'weather', input_schema: { type: 'object' } }],
  tool_choice: { type: 'tool', name: 'weather' },
  thinking: { type: 'enabled', budget_tokens: 1024 },
};

const samples: readonly (readonly [path: string, body: Json])[] = [
  [pathOf(newClaude, 'converse'), converse],
  [pathOf(newClaude, 'converse-stream'), converse],
  [pathOf(claude, 'count-tokens'), { input: { converse: conversation } }],
  [pathOf(claude, 'invoke'), messages],
  [pathOf(claude, 'invoke-with-response-stream'), messages],
  [
    '/guardrail/abc/version/1/apply',
    {
      source: 'INPUT',
      content: [{ text: { text: 'x', qualifiers: ['query'] } }],
      outputScope: 'FULL',
    },
  ],
  [
    '/guardrail-checks/invoke',
    {
      messages: [{ role: 'user', content: [{ text: 'x' }] }],
      checks: { contentFilter: { categories: [{ category: 'HATE' }] } },
    },
  ],
  [
    '/async-invoke',
    {
      modelId: claude,
      modelInput: {},
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/x' } },
      tags: [{ key: 'a', value: 'b' }],
    },
  ],
  ...textFamilies.flatMap(({ model, body }) => [
    [pathOf(model, 'invoke'), body('Hi') as Json] as const,
    [pathOf(model, 'invoke-with-response-stream'), body('Hi') as Json] as const,
  ]),
  ...embeddingFamilies.map(({ model, body }) => [pathOf(model, 'invoke'), body as Json] as const),
];

const replacements: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 1e300, '', ' ', 'x', '\u0000', '__proto__', 'x'.repeat(300)],
  ...([[], [null], [[]], {}, { text: null }, { bytes: 5 }, { toString: 'x' }] as Json[]),
];

const roundsEach = 300;

for (const [path, body] of samples) {
  test(`${roundsEach} damaged bodies for ${decodeURIComponent(path)}`, async (t) => {
    t.equal(outcomeOf(path, JSON.stringify(body)), 'answered', 'the undamaged one is answered');
    const rng = seededRng(19).fork(path);
    let refused = 0;
    for (let round = 0; round < roundsEach; round++) {
      let damaged = structuredClone(body);
      for (let count = rng.integer(1, 3); count > 0; count--) damaged = damage(damaged, rng);
      const json = JSON.stringify(damaged);
      const text = rng.next() < 0.1 ? json.slice(0, rng.integer(0, json.length)) : json;
      const outcome = outcomeOf(path, text);
      if (outcome === 'refused') refused += 1;
      else if (outcome !== 'answered') t.fail(`${outcome} for ${text}`);
    }
    t.ok(refused > roundsEach / 10, `${refused} were refused`);
  });
}

function outcomeOf(path: string, text: string): string {
  try {
    const words = { thinking: 1, chunks: 2, citations: 1, tool: 1 };
    const routed = bedrock.route(requestTo(path, text));
    const answer = routed?.read().answer(scriptOf(words));
    if (answer === undefined) return 'not found';
    framesOf(answer, scriptOf(words));
    return 'answered';
  } catch (error) {
    return error instanceof ProviderError ? 'refused' : String(error);
  }
}

/** Replaces, removes, adds or renames something at a random place. */
function damage(value: Json, rng: Rng): Json {
  if (typeof value !== 'object' || value === null || rng.next() < 0.15) {
    return rng.pick(replacements);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || rng.next() < 0.1) return [...value, rng.pick(replacements)];
    const at = rng.integer(0, value.length - 1);
    return value.map((item, index) => (index === at ? damage(item, rng) : item));
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || rng.next() < 0.1) return { ...value, extra: rng.pick(replacements) };
  const key = rng.pick(keys);
  const { [key]: chosen = null, ...rest } = value;
  if (rng.next() < 0.15) return rest;
  return { ...rest, [key]: damage(chosen, rng) };
}
