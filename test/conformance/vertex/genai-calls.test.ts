// @google/genai beyond plain text: functions, thoughts, blocks, caches, videos, tokens, embeddings.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { genai } from '../../fixtures/vertex-clients.ts';

const model = 'gemini-2.5-flash';

test('@google/genai, call by call', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());

  for (const version of ['v1', 'v1beta1']) {
    const { models, caches, operations } = genai(mocks, version);
    const contents = (directive: string) => `hi [[leakbed ${directive}]]`;
    const config = { tools: [{ functionDeclarations: [{ name: 'weather' }] }] };

    t.test(`function calls of ${version}, whole and streamed`, async (t) => {
      const directive = contents('chunks=1 tool=2');
      const whole = await models.generateContent({ model, contents: directive, config });
      t.same(
        whole.functionCalls?.map(({ name }) => name),
        ['weather', 'weather'],
      );
      t.equal(whole.candidates?.[0]?.finishReason, 'STOP');
      const names: unknown[] = [];
      const stream = await models.generateContentStream({ model, contents: directive, config });
      for await (const { functionCalls } of stream) names.push(functionCalls?.[0]?.name);
      t.same(names, [undefined, 'weather', 'weather', undefined]);
    });

    t.test(`thoughts of ${version} come before the text and are signed`, async (t) => {
      const stream = await models.generateContentStream({
        model,
        contents: contents('chunks=1 thinking=2 bytes=8'),
      });
      const parts: unknown[] = [];
      let thoughts: unknown;
      for await (const { candidates, usageMetadata } of stream) {
        const part = candidates?.[0]?.content?.parts?.[0];
        parts.push(part?.thought ? 'thought' : part?.thoughtSignature ? 'signed' : part?.text);
        thoughts = usageMetadata?.thoughtsTokenCount;
      }
      t.match(parts, ['thought', 'thought', /^.{8}$/, 'signed']);
      t.equal(thoughts, 4);
    });

    t.test(`blocked prompts and blocked answers of ${version}`, async (t) => {
      const prompt = await models.generateContent({ model, contents: contents('stop=guardrail') });
      t.equal(prompt.promptFeedback?.blockReason, 'MODEL_ARMOR');
      t.equal(prompt.candidates, undefined);
      const answer = await models.generateContent({
        model,
        contents: contents('stop=content-filter'),
      });
      t.equal(answer.candidates?.[0]?.finishReason, 'SAFETY');
      t.ok(answer.candidates?.[0]?.safetyRatings?.some(({ blocked }) => blocked));
    });

    t.test(`a cache of ${version} is made, used, prolonged, listed and deleted`, async (t) => {
      const made = await caches.create({
        model,
        config: { contents: 'x'.repeat(4000), displayName: 'manual', ttl: '60s' },
      });
      const name = made.name ?? '';
      const { usageMetadata } = await models.generateContent({
        model,
        contents: 'abcd',
        config: { cachedContent: name },
      });
      t.match(usageMetadata, { cachedContentTokenCount: 1000, promptTokenCount: 1001 });
      const updated = await caches.update({ name, config: { ttl: '7200s' } });
      t.ok(Date.parse(updated.expireTime ?? '') - Date.parse(made.expireTime ?? '') > 7_000_000);
      const names: unknown[] = [];
      for await (const cache of await caches.list()) names.push(cache.name);
      t.ok(names.includes(name));
      await caches.delete({ name });
      await t.rejects(caches.get({ name }), { message: /404/ });
    });

    t.test(`a video of ${version} is done after the polls its script says`, async (t) => {
      const source = { prompt: contents('polls=2') };
      let operation = await models.generateVideos({ model: 'veo-3.0-generate-001', source });
      let polls = 0;
      while (operation.done !== true && polls < 10) {
        operation = await operations.getVideosOperation({ operation });
        polls += 1;
      }
      t.equal(polls, 2);
      t.match(operation.response?.generatedVideos, [{ video: { mimeType: 'video/mp4' } }]);
    });

    t.test(`tokens of ${version} are computed`, async (t) => {
      const { tokensInfo } = await models.computeTokens({ model, contents: 'abcdefgh' });
      t.match(tokensInfo, [{ role: 'user', tokenIds: { length: 2 } }]);
    });

    t.test(`embedContent of ${version} through the newer call`, async (t) => {
      const { embeddings } = await models.embedContent({
        model: 'gemini-embedding-2-preview',
        contents: 'abcd',
        config: { outputDimensionality: 4 },
      });
      t.match(embeddings, [{ values: { length: 4 } }]);
    });
  }

  t.test('a model of the garden is found, and one that is not there is not', async (t) => {
    const { models } = genai(mocks);
    t.match(await models.get({ model }), { name: `publishers/google/models/${model}` });
    await t.rejects(models.get({ model: 'gemini-0' }), { message: /404/ });
  });
});
