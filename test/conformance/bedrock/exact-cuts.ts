// Many seeded streams, each cut after an event that chance picks: does the SDK's caller get exactly
// the events before it? Run by exact.ts in full and by exact.test.ts in short.

import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import type { Rng } from '../../../injectors/determinism.ts';
import { converseInput } from '../../fixtures/bedrock-clients.ts';

export interface Cut {
  readonly directive: string;
  readonly wanted: number;
  readonly got: number;
  readonly error: string | undefined;
}

/** ConverseStream says four things around its pieces of text. */
const around = 4;

/** Runs `count` streams one after another, so that each has the connection to itself. */
export async function* cutStreams(
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
