import { test } from 'tap';
import { createEmbeddingBatches } from '../../../../harness/subjects/reference-node/embedding-batches.ts';

const MiB = 1024 ** 2;
const texts = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);

/** A provider whose vectors have so many dimensions; keeps the sizes it was asked for. */
function provider(dimensions: number) {
  const sizes: number[] = [];
  return {
    sizes,
    async embed(batch: readonly string[]) {
      sizes.push(batch.length);
      const vectors = batch.map((text) => [
        Number(text.slice(5)),
        ...Array(dimensions - 1).fill(0),
      ]);
      return { vectors, inputTokens: batch.length };
    },
  };
}

test('with memory to spare, batches grow to what the provider takes', async (t) => {
  const { sizes, embed } = provider(64);
  const batches = createEmbeddingBatches(() => 1024 * MiB);
  const { vectors, inputTokens } = await batches.run(texts(600), 250, embed);
  t.same(sizes, [8, 32, 128, 250, 182]);
  t.equal(inputTokens, 600);
  t.same(
    vectors.map(([index]) => index),
    Array.from({ length: 600 }, (_, index) => index),
    'the order is kept',
  );
});

test('with little memory, batches shrink to what fits and still all are done', async (t) => {
  const { sizes, embed } = provider(1024);
  let free = 1024 * MiB;
  const batches = createEmbeddingBatches(() => free);
  await batches.run(texts(300), 250, embed);
  t.same(sizes, [8, 32, 128, 132]);
  sizes.length = 0;
  // A tenth of 8 MiB holds seventeen vectors of 1,024 numbers at 48 bytes.
  free = 8 * MiB;
  await batches.run(texts(40), 250, embed);
  t.same(sizes, [17, 17, 6]);
  free = 0;
  sizes.length = 0;
  await batches.run(texts(20), 250, embed);
  t.same(sizes, [16, 4], 'sixteen at a time is the least');
});

test('requests that embed at the same time share what is free', async (t) => {
  const { sizes, embed } = provider(1024);
  const batches = createEmbeddingBatches(() => 16 * MiB);
  await batches.run(texts(8), 250, embed);
  sizes.length = 0;
  await Promise.all([batches.run(texts(40), 250, embed), batches.run(texts(40), 250, embed)]);
  t.ok(Math.max(...sizes) <= 32);
  t.equal(sizes[0], 32, 'the first is alone yet');
  t.equal(sizes[1], 17, 'the second is not');
});

test('a batch that fails ends the request and is not counted as running', async (t) => {
  const batches = createEmbeddingBatches(() => 4 * MiB);
  const { sizes, embed } = provider(1024);
  await batches.run(texts(8), 250, embed);
  const failing = batches.run(texts(8), 250, () => Promise.reject(new Error('no')));
  await t.rejects(failing, /no/);
  sizes.length = 0;
  await batches.run(texts(8), 250, embed);
  t.same(sizes, [8]);
});

test("a size that was asked for is used from the first call, up to the provider's limit", async (t) => {
  const { sizes, embed } = provider(64);
  const batches = createEmbeddingBatches(() => 1);
  await batches.run(texts(40), 250, embed, 16);
  await batches.run(texts(300), 250, embed, 1000);
  t.same(sizes, [16, 16, 8, 250, 50]);
});
