// Amazon Bedrock through @aws-sdk/client-bedrock-runtime, on its default HTTP/2 handler. One
// client serves the whole process. The handler opens a session for each request and forgets it
// once the first bytes are in: after an exception in the stream, bytes that do not decode, or a
// consumer that stops, `client.destroy()` cannot reach it and its idle timer takes 300 s. Only
// the request's abort signal still closes it, so every stream here ends with an abort.
// Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html

import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { bedrockEmbedding } from './bedrock-embedding.ts';
import type { ChatEvent, ChatQuery, FinishReason, ProviderAdapter, TokenUsage } from './core.ts';
import { createEmbeddingBatches } from './embedding-batches.ts';
import { GatewayError, providerError } from './gateway-error.ts';
import { clearIdleTimersOfLostSessions } from './http2-idle-timers.ts';
import type { LeakSockets } from './leak-sockets.ts';
import type { Settings } from './settings.ts';

export async function createBedrock(
  { aws }: Settings,
  { sharedClient }: Pick<LeakSockets, 'sharedClient'>,
): Promise<ProviderAdapter> {
  const requestHandler = aws.useHttp1 ? await http1Handler() : undefined;
  const sharedOne = sharedClient(
    () =>
      new BedrockRuntimeClient({
        region: aws.region,
        ...(requestHandler !== undefined && { requestHandler }),
        ...(aws.useDummyCredentials && {
          credentials: { accessKeyId: 'leakbed', secretAccessKey: 'leakbed' },
        }),
      }),
  );
  const batches = createEmbeddingBatches();
  const stopClearing = clearIdleTimersOfLostSessions();
  return {
    streamChat(query) {
      const controller = new AbortController();
      return {
        events: streamEvents(sharedOne(), query, controller.signal),
        cancel: () => controller.abort(),
      };
    },
    async chat(query, signal) {
      const command = new ConverseCommand(converseInput(query));
      const answer = await sharedOne().send(command, { abortSignal: signal }).catch(translate);
      const blocks = answer.output?.message?.content ?? [];
      return {
        text: blocks.map((block) => block.text ?? '').join(''),
        reason: finishReason(answer.stopReason),
        usage: usageOf(answer.usage),
      };
    },
    embed(model, texts, { signal, textsPerCall }) {
      const invoke = async (body: object) => {
        const input = {
          modelId: model,
          body: JSON.stringify(body),
          contentType: 'application/json',
          accept: 'application/json',
        };
        const command = new InvokeModelCommand(input);
        const answer = await sharedOne().send(command, { abortSignal: signal }).catch(translate);
        return JSON.parse(answer.body.transformToString()) as Record<string, unknown>;
      };
      return bedrockEmbedding(model, texts, { batches, textsPerCall }, invoke);
    },
    async close() {
      sharedOne().destroy();
      stopClearing();
    },
  };
}

/** Loaded only where it is asked for: it is no part of what is measured otherwise. */
async function http1Handler() {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return new NodeHttpHandler();
}

async function* streamEvents(
  client: BedrockRuntimeClient,
  query: ChatQuery,
  abortSignal: AbortSignal,
): AsyncGenerator<ChatEvent, void, undefined> {
  try {
    const command = new ConverseStreamCommand(converseInput(query));
    const { stream } = await client.send(command, { abortSignal });
    for await (const output of stream ?? []) {
      const event = chatEvent(output);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    translate(error);
  }
}

function chatEvent(output: ConverseStreamOutput): ChatEvent | undefined {
  const text = output.contentBlockDelta?.delta?.text;
  if (text !== undefined) return { kind: 'text', text };
  if (output.messageStop !== undefined) {
    return { kind: 'finish', reason: finishReason(output.messageStop.stopReason) };
  }
  if (output.metadata !== undefined) {
    return { kind: 'usage', usage: usageOf(output.metadata.usage) };
  }
  return undefined;
}

function converseInput({ model, messages, ...options }: ChatQuery) {
  const system = messages.filter(({ role }) => role === 'system');
  return {
    modelId: model,
    ...(system.length > 0 && { system: system.map(({ content }) => ({ text: content })) }),
    messages: messages.flatMap(({ role, content }) =>
      role === 'system' ? [] : [{ role, content: [{ text: content }] }],
    ),
    inferenceConfig: {
      maxTokens: options.maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      stopSequences: options.stop === undefined ? undefined : [...options.stop],
    },
  };
}

function finishReason(reason: string | undefined): FinishReason {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'guardrail_intervened' || reason === 'content_filtered'
    ? 'content_filter'
    : 'stop';
}

function usageOf(
  usage: {
    readonly inputTokens?: number | undefined;
    readonly outputTokens?: number | undefined;
  } = {},
): TokenUsage {
  return { inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 };
}

/** Statuses of exceptions that arrive inside a stream, where no HTTP status comes with them. */
const streamStatuses: Readonly<Record<string, number>> = {
  ThrottlingException: 429,
  ValidationException: 400,
  ServiceUnavailableException: 503,
  ModelTimeoutException: 504,
};

function translate(error: unknown): never {
  if (error instanceof GatewayError) throw error;
  if (error instanceof BedrockRuntimeServiceException) {
    const status = error.$metadata?.httpStatusCode ?? streamStatuses[error.name] ?? 502;
    throw providerError(status, error.name, error.message);
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  throw providerError(502, name === 'Error' ? 'provider_stream_error' : name, message);
}
