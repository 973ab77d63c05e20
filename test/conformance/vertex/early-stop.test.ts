// What a client that stops reading tells the server: some leave at once, from others the stream
// goes on to flow into buffers that nobody reads. The journal knows which streams are still open.

import { setTimeout as wait } from 'node:timers/promises';
import { t as root, test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  genai,
  generateRequest,
  grpcOptions,
  predictionClients,
  restOptions,
} from '../../fixtures/vertex-clients.ts';
import { anthropicVertex, claudeRequest } from '../../fixtures/vertex-sdks.ts';

/** Takes a message, stops, and returns once it has done all that its way of stopping is. */
type Stop = (mocks: Mocks) => Promise<unknown>;

const words = 'chunks=2000 gap=10ms';
const prompt = `[[leakbed ${words}]]`;
const model = 'gemini-2.5-flash';

const first = async (stream: AsyncIterable<unknown>) => {
  for await (const _ of stream) break;
};

const gaxStream = (options: ReturnType<typeof grpcOptions | typeof restOptions>) =>
  predictionClients(options).v1.streamGenerateContent(generateRequest(words));

type GaxStream = ReturnType<typeof gaxStream>;

const stopGax =
  (
    optionsOf: typeof grpcOptions | typeof restOptions,
    stop: (stream: GaxStream) => unknown,
  ): Stop =>
  async (mocks) => {
    const stream = gaxStream(optionsOf(mocks));
    stream.on('error', () => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.once('data', () => resolve());
    await promise;
    await stop(stream);
  };

const genaiStream = (mocks: Mocks, config: object = {}) =>
  genai(mocks).models.generateContentStream({ model, contents: prompt, config });

/** Aborts behind the first message. */
const abortGenai: Stop = async (mocks) => {
  const aborter = new AbortController();
  const stream = await genaiStream(mocks, { abortSignal: aborter.signal });
  const reading = all(stream, () => aborter.abort());
  await reading.catch(() => undefined);
};

const timeOutGenai: Stop = async (mocks) => {
  const stream = await genaiStream(mocks, { httpOptions: { timeout: 1500 } });
  await all(stream).catch(() => undefined);
};

const claudeStream = (mocks: Mocks) =>
  anthropicVertex(mocks).messages.create({ ...claudeRequest(prompt), stream: true });

const cells: Readonly<Record<string, { readonly stop: Stop; readonly stays: boolean }>> = {
  'genai, break': { stop: async (mocks) => first(await genaiStream(mocks)), stays: true },
  'genai, abort signal': { stop: abortGenai, stays: false },
  'genai, timeout': { stop: timeOutGenai, stays: false },
  'anthropic, break': { stop: async (mocks) => first(await claudeStream(mocks)), stays: false },
  'anthropic, abort': {
    stop: async (mocks) => (await claudeStream(mocks)).controller.abort(),
    stays: false,
  },
  'aiplatform over gRPC, break': { stop: stopGax(grpcOptions, first), stays: true },
  'aiplatform over gRPC, destroy': {
    stop: stopGax(grpcOptions, (stream) => stream.destroy()),
    stays: true,
  },
  'aiplatform over gRPC, cancel': {
    stop: stopGax(grpcOptions, (stream) => stream.cancel()),
    stays: false,
  },
  'aiplatform over REST, break': { stop: stopGax(restOptions, first), stays: false },
  'aiplatform over REST, destroy': {
    stop: stopGax(restOptions, (stream) => stream.destroy()),
    stays: false,
  },
  'aiplatform over REST, cancel': {
    stop: stopGax(restOptions, (stream) => stream.cancel()),
    stays: false,
  },
  'aiplatform over REST, pause': {
    stop: stopGax(restOptions, (stream) => stream.pause()),
    stays: true,
  },
};

/** A stream that is left ends within a round trip; one that is not has 20 s to go. */
const noticeMs = 1800;
const tickMs = 20;

async function isOpenAfterwards({ journal }: Mocks): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < noticeMs; waitedMs += tickMs) {
    if (journal.inFlight().length === 0) return false;
    await wait(tickMs);
  }
  return true;
}

async function all(stream: AsyncIterable<unknown>, each = () => {}): Promise<void> {
  for await (const _ of stream) each();
}

root.setTimeout(60_000);
test('a reader that stops is noticed by the server, or not', async (t) => {
  t.setTimeout(60_000);
  const seen = Object.entries(cells).map(async ([name, { stop, stays }]) => {
    await using mocks = await startMocks({ port: 0, seed: 1 });
    await stop(mocks);
    const what = stays ? 'the server goes on to send' : 'the server is told';
    t.equal(await isOpenAfterwards(mocks), stays, `${name}: ${what}`);
    t.equal(mocks.journal.lastSequence, 1, `${name} asks once`);
  });
  await Promise.all(seen);
});
