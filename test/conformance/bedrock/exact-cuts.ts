// Many seeded streams, each cut after an event that chance picks: does the SDK's caller get exactly
// the events before it? Run by exact.slow.ts in full and by exact.test.ts in short.

import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { test } from 'tap';
import { type Rng, seededRng } from '../../../injectors/determinism.ts';
import { converseInput, mocksFor, sdkClient } from '../../fixtures/bedrock-clients.ts';

const ways = [
  { name: 'HTTP/2, a clean end', end: 'clean', config: {} },
  { name: 'HTTP/2, the connection closed', end: 'cut', config: {} },
  {
    name: 'HTTP/1.1, a clean end',
    end: 'clean',
    config: { requestHandler: new NodeHttpHandler() },
  },
] as const;

/** One test for each way to end, without HTTP/1.1's closed connection, which is an error. */
export function checkExactness(count: number, seed: number): void {
  for (const { name, end, config } of ways) {
    test(`${name}: ${count} seeded cuts deliver exactly the events before them`, async (t) => {
      const client = sdkClient(t, await mocksFor(t), config);
      let exact = 0;
      for await (const cut of cutStreams(client, end, count, seededRng(seed).fork(name))) {
        const { directive, wanted, got, error } = cut;
        if (got === wanted && error === undefined) exact += 1;
        else t.fail(`${directive}: ${got} events, ${error}`);
      }
      t.equal(exact, count);
    });
  }
}

interface Cut {
  readonly directive: string;
  readonly wanted: number;
  readonly got: number;
  readonly error: string | undefined;
}

/** ConverseStream says four things around its pieces of text. */
const around = 4;

/** Runs `count` streams one after another, so that each has the connection to itself. */
async function* cutStreams(
  client: BedrockRuntimeClient,
  end: 'clean' | 'cut',
  count: number,
  rng: Rng,
): AsyncGenerator<Cut> {
  for (let index = 0; index < count; index++) {
    const chunks = rng.integer(1, 40);
    const wanted = rng.integer(0, chunks + around - 1);
    const bytes = rng.integer(1, 600);
    const gap = rng.pick(['0ms', '0ms', '1ms']);
    const words = `chunks=${chunks} bytes=${bytes} gap=${gap}`;
    const directive = `${words} fault=truncate;at=${wanted};end=${end}`;
    yield { directive, wanted, ...(await delivered(client, directive)) };
  }
}

async function delivered(
  client: BedrockRuntimeClient,
  directive: string,
): Promise<Pick<Cut, 'got' | 'error'>> {
  let got = 0;
  try {
    const command = new ConverseStreamCommand(converseInput(`[[leakbed ${directive}]]`));
    const { stream } = await client.send(command);
    for await (const _event of stream ?? []) got += 1;
    return { got, error: undefined };
  } catch (error) {
    return { got, error: String(error) };
  }
}
