// What a client leaves behind on its connections after a fault: streams that the server still holds
// although the caller is done. Gateways inherit these leaks.

import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { converseInput, mocksFor, sdkClient } from '../../fixtures/bedrock-clients.ts';

type Read = (stream: AsyncIterable<ConverseStreamOutput>) => Promise<void>;

const toTheEnd: Read = async (stream) => {
  for await (const _event of stream);
};
const oneEvent: Read = async (stream) => {
  for await (const _event of stream) break;
};

const transports = { http2: {}, http1: { requestHandler: new NodeHttpHandler() } } as const;

const rows = [
  {
    what: 'an error in a message that is never ended',
    fault: 'exception;at=3;end=open',
    read: toTheEnd,
    isLeft: { http2: true, http1: false },
  },
  {
    what: 'a wrong checksum in a stream that then falls silent',
    fault: 'corrupt;at=2;region=message-crc fault=hang;at=3',
    read: toTheEnd,
    isLeft: { http2: true, http1: false },
  },
  {
    what: 'a caller who stops reading',
    fault: 'hang;at=3',
    read: oneEvent,
    isLeft: { http2: true, http1: false },
  },
  {
    what: 'a stream that ended by itself',
    fault: 'noop',
    read: toTheEnd,
    isLeft: { http2: false, http1: false },
  },
] as const;

for (const { what, fault, read, isLeft } of rows) {
  for (const transport of ['http2', 'http1'] as const) {
    const claim = isLeft[transport]
      ? 'stays open, even after destroy()'
      : 'is gone after destroy()';
    test(`${transport}, ${what}: the stream ${claim}`, async (t) => {
      const mocks = await mocksFor(t);
      const client = sdkClient(t, mocks, transports[transport]);
      const prompt = `[[leakbed chunks=6 fault=${fault}]]`;
      const { stream } = await client.send(new ConverseStreamCommand(converseInput(prompt)));
      await read(stream ?? nothing()).catch(() => undefined);
      client.destroy();
      await settled(t, mocks, isLeft[transport] ? 1 : 0);
    });
  }
}

async function* nothing(): AsyncGenerator<ConverseStreamOutput> {}

/** Waits until as many streams are in flight as are expected, and then a little for more to go. */
async function settled(t: Test, mocks: Mocks, count: number): Promise<void> {
  for (let turn = 0; turn < 200 && mocks.journal.inFlight().length > count; turn++) await sleep(10);
  await sleep(200);
  t.equal(mocks.journal.inFlight().length, count);
}
