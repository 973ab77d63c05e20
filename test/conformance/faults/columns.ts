// The real SDKs that every fault meets, one for each way in which answers come. Clients are made
// anew for every cell, because a fault may outlast its answer; their retries wait a millisecond.

import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Framing, TransportName } from '../../../injectors/stream.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { converseInput, sdkClient } from '../../fixtures/bedrock-clients.ts';
import {
  genai,
  generateRequest,
  grpcOptions,
  type PredictionClient,
  predictionClients,
  restOptions,
} from '../../fixtures/vertex-clients.ts';
import { observeTurn } from './live-turn.ts';
import { type Events, type Observed, observe } from './observe.ts';

/** One client, which may be asked more than once. */
export interface Sdk {
  ask(silenceMs: number): Promise<Observed>;
  close(): void;
}

export interface Column {
  readonly name: string;
  readonly sdk: string;
  readonly transport: TransportName;
  readonly framing: Framing;
  connect(mocks: Mocks): Sdk;
}

/** Six pieces of text; the faults come from the plan. */
const prompt = '[[leakbed chunks=6]]';

export const columns: readonly Column[] = [
  {
    name: 'Bedrock HTTP/1.1',
    sdk: '@aws-sdk/client-bedrock-runtime with NodeHttpHandler',
    transport: 'http1',
    framing: 'event-stream',
    connect: (mocks) => converse(mocks, { requestHandler: new NodeHttpHandler() }),
  },
  {
    name: 'Bedrock HTTP/2',
    sdk: '@aws-sdk/client-bedrock-runtime',
    transport: 'http2',
    framing: 'event-stream',
    connect: (mocks) => converse(mocks, {}),
  },
  {
    name: 'Vertex gRPC',
    sdk: '@google-cloud/aiplatform',
    transport: 'grpc',
    framing: 'grpc',
    connect: (mocks) => prediction(predictionClients(grpcOptions(mocks)).v1),
  },
  {
    name: 'Vertex SSE',
    sdk: '@google/genai',
    transport: 'http1',
    framing: 'sse',
    connect: gemini,
  },
  {
    name: 'Vertex JSON array',
    sdk: '@google-cloud/aiplatform over REST',
    transport: 'http1',
    framing: 'json-array',
    connect: (mocks) => prediction(predictionClients(restOptions(mocks)).v1),
  },
  {
    name: 'Vertex WebSocket',
    sdk: '@google/genai, live',
    transport: 'websocket',
    framing: 'websocket',
    connect: (mocks) => ({ ask: (silenceMs) => observeTurn(mocks, silenceMs), close() {} }),
  },
];

function converse(mocks: Mocks, config: Parameters<typeof sdkClient>[2]): Sdk {
  const closers: (() => unknown)[] = [];
  const teardown = (closer: () => unknown) => void closers.push(closer);
  const client = sdkClient({ teardown } as never, mocks, config);
  const open = async (abortSignal: AbortSignal): Promise<Events> => {
    const command = new ConverseStreamCommand(converseInput(prompt));
    const { stream } = await client.send(command, { abortSignal });
    return mapped(stream ?? [], ({ messageStop }) => messageStop !== undefined);
  };
  return {
    ask: (silenceMs) => observe(open, silenceMs),
    close() {
      for (const closer of closers) closer();
    },
  };
}

function prediction(client: PredictionClient): Sdk {
  const open = (signal: AbortSignal): Events => {
    // Google's library repeats calls that failed before their first message, seconds later.
    const retryRequestOptions = { noResponseRetries: 0 };
    const request = generateRequest(prompt.slice('[[leakbed '.length, -']]'.length));
    const stream = client.streamGenerateContent(request, { retryRequestOptions });
    signal.addEventListener('abort', () => stream.cancel());
    return mapped<GeminiMessage>(eventsOf(stream), isLast);
  };
  return {
    ask: (silenceMs) => observe(open, silenceMs),
    close: () => void client.close().catch(() => undefined),
  };
}

function gemini(mocks: Mocks): Sdk {
  const client = genai(mocks);
  const open = async (abortSignal: AbortSignal): Promise<Events> => {
    const model = 'gemini-2.5-flash';
    const config = { abortSignal };
    const request = { model, contents: prompt, config };
    return mapped(await client.models.generateContentStream(request), isLast);
  };
  return { ask: (silenceMs) => observe(open, silenceMs), close() {} };
}

interface GeminiMessage {
  readonly candidates?: readonly { readonly finishReason?: unknown }[] | null | undefined;
}

/** Protobuf clients give the unset reason as its first name. */
function isLast({ candidates }: GeminiMessage): boolean {
  const reason = candidates?.[0]?.finishReason;
  return ![undefined, null, 0, 'FINISH_REASON_UNSPECIFIED'].includes(reason as string);
}

/**
 * Google's streams by their events, as gateways use them: the first error is what the caller is
 * told, and there may be more than one.
 */
async function* eventsOf(
  stream: ReturnType<PredictionClient['streamGenerateContent']>,
): AsyncGenerator<GeminiMessage> {
  const waiting: GeminiMessage[] = [];
  let isOver = false;
  let failure: { readonly error: Error } | undefined;
  let wake = () => {};
  stream.on('data', (message: GeminiMessage) => {
    waiting.push(message);
    wake();
  });
  stream.on('error', (error: Error) => {
    failure ??= { error };
    wake();
  });
  stream.on('end', () => {
    // An error may come with the end, and just after it.
    setImmediate(() => {
      isOver = true;
      wake();
    });
  });
  for (;;) {
    const message = waiting.shift();
    if (message !== undefined) yield message;
    else if (failure !== undefined) throw failure.error;
    else if (isOver) return;
    else {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  }
}

async function* mapped<T>(
  source: AsyncIterable<T> | Iterable<T>,
  map: (one: T) => boolean,
): Events {
  for await (const one of source) yield map(one);
}
