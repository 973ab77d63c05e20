// Calls for models of one's own: predictions, tensors, raw bytes, and streams in both directions.

import { fromProtoValue, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { all, parent, textOf, type VertexCall, words } from './vertex-call.ts';

const endpoint = `${parent}/endpoints/123`;
const tensor = (text: string) => ({ dtype: 'STRING' as const, shape: [1], stringVal: [text] });

/** A bidirectional call that sends two messages, the second without its endpoint. */
async function converse<T>(
  stream: NodeJS.ReadWriteStream & AsyncIterable<T>,
  messages: readonly object[],
): Promise<T[]> {
  for (const message of messages) stream.write(message as never);
  stream.end();
  return all(stream);
}

export const customModelCalls: readonly VertexCall[] = [
  {
    name: 'Predict, custom',
    async run({ prediction }) {
      const instances = [toProtoValue({ prompt: words('chunks=1 bytes=7') })] as object[];
      const [answer] = await prediction.predict({ endpoint, instances });
      return answer.predictions?.map((value) => String(fromProtoValue(value)).length);
    },
    wanted: [7],
  },
  {
    name: 'Explain',
    async run({ prediction }) {
      const instances = [toProtoValue({ age: 3, name: 'x' })] as object[];
      const [{ explanations }] = await prediction.explain({ endpoint, instances });
      const shares = explanations?.[0]?.attributions?.[0]?.featureAttributions;
      return Object.keys(fromProtoValue(shares) as object);
    },
    wanted: ['age', 'name'],
  },
  {
    name: 'DirectPredict',
    async run({ prediction }) {
      const inputs = [tensor(words('chunks=2 bytes=4'))];
      const [{ outputs }] = await prediction.directPredict({ endpoint, inputs });
      return outputs?.map(({ stringVal }) => stringVal?.[0]?.length);
    },
    wanted: [8],
  },
  {
    name: 'DirectRawPredict',
    async run({ prediction }) {
      const input = Buffer.from(words('chunks=2 bytes=4'));
      const [{ output }] = await prediction.directRawPredict({ endpoint, methodName: 'M', input });
      return textOf({ data: output as Uint8Array }).length;
    },
    wanted: 8,
  },
  {
    name: 'ServerStreamingPredict',
    async run({ prediction }) {
      const inputs = [tensor(words('chunks=3 bytes=4'))];
      const stream = prediction.serverStreamingPredict({ endpoint, inputs });
      const answers = await all(stream as AsyncIterable<{ outputs: { stringVal: string[] }[] }>);
      return answers.map(({ outputs }) => outputs[0]?.stringVal[0]?.length);
    },
    wanted: [4, 4, 4],
  },
  ...(
    [
      ['StreamingPredict', 'streamingPredict'],
      ['StreamDirectPredict', 'streamDirectPredict'],
    ] as const
  ).map(
    ([name, method]): VertexCall => ({
      name,
      transports: ['grpc'],
      async run({ prediction }) {
        const answers = await converse<{ outputs: { stringVal: string[] }[] }>(
          prediction[method](),
          [
            { endpoint, inputs: [tensor(words('chunks=2 bytes=4'))] },
            { inputs: [tensor(words('chunks=1 bytes=9'))] },
          ],
        );
        return answers.map(({ outputs }) => outputs[0]?.stringVal[0]?.length);
      },
      wanted: [4, 4, 9],
    }),
  ),
  ...(
    [
      ['StreamingRawPredict', 'streamingRawPredict'],
      ['StreamDirectRawPredict', 'streamDirectRawPredict'],
    ] as const
  ).map(
    ([name, method]): VertexCall => ({
      name,
      transports: ['grpc'],
      async run({ prediction }) {
        const answers = await converse<{ output: Uint8Array }>(prediction[method](), [
          { endpoint, methodName: 'M', input: Buffer.from(words('chunks=2 bytes=4')) },
          { input: Buffer.from(words('chunks=1 bytes=9')) },
        ]);
        return answers.map(({ output }) => output.length);
      },
      wanted: [4, 4, 9],
    }),
  ),
];
