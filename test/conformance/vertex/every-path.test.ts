// Every verb of the REST API in both versions, with every form of a name it can have: each path is
// answered with 200. Source: the http rules of aiplatform_v1.yaml and aiplatform_v1beta1.yaml.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';
import { parent, words } from './vertex-call.ts';

const endpoint = `${parent}/endpoints/123`;
const claude = `${parent}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const counting = `${parent}/publishers/anthropic/models/count-tokens`;
const embedding = 'publishers/google/models/text-embedding-005';
const short = 'publishers/google/models/gemini-2.5-flash';

const contents = userContents(words('chunks=2'));
const chat = { messages: [{ role: 'user', content: words('chunks=2') }], max_tokens: 9 };
const open = { ...chat, model: 'meta/llama-3.3' };
const anthropic = { ...chat, anthropic_version: 'vertex-2023-10-16' };
const tensors = { inputs: [{ dtype: 'STRING', stringVal: ['a'] }] };
const prompts = { instances: [{ prompt: 'x' }] };
const texts = { instances: [{ content: 'a' }] };

/** Behind the version; POST unless a method is named. */
const rows: readonly (readonly [path: string, body?: object | undefined, method?: string])[] = [
  ...[geminiName, short, endpoint, 'endpoints/123'].flatMap((name) =>
    [
      'generateContent',
      'streamGenerateContent',
      'streamGenerateContent?alt=sse',
      'countTokens',
      'computeTokens',
    ].map((verb) => [`${name}:${verb}`, { contents }] as const),
  ),
  [`${parent}/${embedding}:predict`, texts],
  [`${embedding}:predict`, texts],
  [`${parent}/publishers/google/models/gemini-embedding-2:embedContent`, { content: contents[0] }],
  ...[claude, claude.replace('@', '%40')].flatMap((name) => [
    [`${name}:rawPredict`, anthropic] as const,
    [`${name}:streamRawPredict`, { ...anthropic, stream: true }] as const,
  ]),
  [`${counting}:rawPredict`, { ...chat, model: 'claude-sonnet-4-5@20250929' }],
  [`${endpoint}:serverStreamingPredict`, tensors],
  [`${endpoint}:directPredict`, tensors],
  [`${endpoint}:directRawPredict`, { input: 'YQ==' }],
  [`${endpoint}:explain`, { instances: [{ a: 1 }] }],
  [`${parent}/endpoints/openapi/chat/completions`, open],
  [`${parent}/endpoints/openapi/chat/completions`, { ...open, stream: true }],
  [`${endpoint}/chat/completions`, open],
  [`${geminiName}:predictLongRunning`, prompts],
  [`${endpoint}:predictLongRunning`, prompts],
  [`${geminiName}/operations`, undefined, 'GET'],
  [`${endpoint}/operations`, undefined, 'GET'],
  [`${parent}/operations`, undefined, 'GET'],
  [`${parent}/cachedContents`, { model: geminiName, contents, ttl: '60s' }],
  [`${parent}/cachedContents`, undefined, 'GET'],
  ['publishers/google/models/gemini-2.5-flash', undefined, 'GET'],
  ['projects/p/locations', undefined, 'GET'],
  [parent, undefined, 'GET'],
  [`${endpoint}:getIamPolicy`, {}],
  [`${parent}/models/5:setIamPolicy`, { policy: { bindings: [] } }],
  [`${endpoint}:testIamPermissions`, { permissions: ['aiplatform.endpoints.predict'] }],
];

test('every path of the REST API is answered', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const ask = async (path: string, body?: object, method = 'POST') => {
    const json = body && { body: JSON.stringify(body) };
    const answer = await fetch(`${mocks.url}/${path}`, { method, ...json });
    const text = await answer.text();
    t.equal(answer.status, 200, `${method} /${path}`);
    return text;
  };
  for (const version of ['v1', 'v1beta1']) {
    for (const [path, body, method] of rows) await ask(`${version}/${path}`, body, method);

    const cached = { model: geminiName, contents };
    const { name: cache } = JSON.parse(await ask(`${version}/${parent}/cachedContents`, cached));
    await ask(`${version}/${cache}`, undefined, 'GET');
    await ask(`${version}/${cache}?updateMask=ttl`, { ttl: '90s' }, 'PATCH');
    await ask(`${version}/${cache}`, undefined, 'DELETE');

    for (const name of [geminiName, endpoint]) {
      const { name: job } = JSON.parse(await ask(`${version}/${name}:predictLongRunning`, prompts));
      await ask(`${version}/${name}:fetchPredictOperation`, { operationName: job });
      await ask(`${version}/${job}`, undefined, 'GET');
      await ask(`${version}/${job}:wait`, {});
      await ask(`${version}/${job}:cancel`, {});
      await ask(`${version}/${job}`, undefined, 'DELETE');
    }
  }
  await ask('v1beta1/publishers/google/models', undefined, 'GET');
});

test('a list of models is in v1beta1 only, and what is no path is a page of HTML', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  for (const path of ['v1/publishers/google/models', `v1/${geminiName}:guess`]) {
    const answer = await fetch(`${mocks.url}/${path}`);
    t.equal(answer.status, 404);
    t.match(await answer.text(), /^<!DOCTYPE html>/);
  }
});
