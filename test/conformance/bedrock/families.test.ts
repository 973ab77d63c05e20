// Every family of models through InvokeModel and its stream: the body is opaque to the SDK, so it
// is held against the providers' own shapes, and its counts against Bedrock's headers and metrics.

import {
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { embeddingFamilies, textFamilies, valueAt } from '../../fixtures/bedrock-families.ts';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

const texts = 5;
const prompt = `[[leakbed chunks=${texts} bytes=20]]`;
const metricsKey = 'amazon-bedrock-invocationMetrics';

for (const row of textFamilies) {
  const { family, model: modelId, keys } = row;
  const body = JSON.stringify(row.body(prompt));

  overBothTransports(`${family} answers in its own form`, async (t, client) => {
    const answer = await client.send(new InvokeModelCommand({ modelId, body }));
    t.equal(answer.contentType, 'application/json');
    const whole = JSON.parse(answer.body.transformToString());
    t.same(Object.keys(whole), keys);
    t.equal(String(valueAt(whole, row.text)).length, 100);
    t.equal(valueAt(whole, row.stop.whole), row.stop.end);
  });

  overBothTransports(
    `${family} streams the same text with metrics at its end`,
    async (t, client) => {
      const command = new InvokeModelWithResponseStreamCommand({ modelId, body });
      const answer = await client.send(command);
      const chunks: Record<string, unknown>[] = [];
      for await (const { chunk } of answer.body ?? []) {
        chunks.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
      }
      t.equal(chunks.length, row.chunks(texts));
      t.equal(chunks.map((chunk) => valueAt(chunk, row.piece) ?? '').join('').length, 100);
      const measured = chunks.filter((chunk) => metricsKey in chunk);
      t.same(measured, [chunks.at(-1)]);
      t.match(chunks.at(-1)?.[metricsKey], {
        inputTokenCount: Number,
        outputTokenCount: 25,
        invocationLatency: Number,
        firstByteLatency: Number,
      });
    },
  );
}

for (const { model: modelId, body, keys, vector, dimensions } of embeddingFamilies) {
  overBothTransports(`${modelId} gives a unit vector`, async (t, client) => {
    const command = new InvokeModelCommand({ modelId, body: JSON.stringify(body) });
    const answer = JSON.parse((await client.send(command)).body.transformToString());
    t.same(Object.keys(answer), keys);
    const numbers = valueAt(answer, vector) as readonly number[];
    t.equal(numbers.length, dimensions);
    t.ok(Math.abs(Math.hypot(...numbers) - 1) < 1e-6);
    const streamed = client.send(
      new InvokeModelWithResponseStreamCommand({ modelId, body: JSON.stringify(body) }),
    );
    const message = 'The model is unsupported for streaming.';
    await t.rejects(streamed, { name: 'ValidationException', message });
  });
}
