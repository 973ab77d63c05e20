// Relays a provider stream to the client as server-sent events. Three things keep it from
// leaking: a client that leaves cancels the provider's call at once, a client that reads slowly
// holds the provider back (one event is read only after the last was taken), and the call is
// cancelled in `finally` whatever happened, because a failed stream is not a closed one.
// Source: https://platform.openai.com/docs/api-reference/chat-streaming

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Billable } from './billable.ts';
import type { ChatEvent, ChatStream, TokenUsage } from './core.ts';
import { errorBody, GatewayError } from './gateway-error.ts';
import { unixSeconds } from './unix-time.ts';

interface Asked {
  readonly model: string;
  readonly prompt: string;
  /** The client wants a last chunk with the token counts. */
  readonly hasUsage: boolean;
}

/** What reached the client so far, which is what it is billed for. */
interface Delivered {
  characters: number;
  usage: TokenUsage | undefined;
  isFinished: boolean;
}

export async function relayStream(
  stream: ChatStream,
  billable: Billable,
  reply: FastifyReply,
  asked: Asked,
): Promise<FastifyReply> {
  billable.onAbandoned(() => stream.cancel());
  try {
    // The status is decided by the first event: until then an error still is an HTTP error.
    const first = await stream.events.next();
    if (billable.isAbandoned()) return reply.hijack();
    if (first.done) throw truncated();
    reply.hijack();
    openEventStream(reply.raw, billable.id);
    await relay(first.value, stream, billable, reply.raw, asked);
    return reply;
  } finally {
    if (!billable.isAbandoned() || billable.cancelsAbandoned()) stream.cancel();
  }
}

async function relay(
  first: ChatEvent,
  stream: ChatStream,
  billable: Billable,
  response: ServerResponse,
  asked: Asked,
): Promise<void> {
  const delivered: Delivered = { characters: 0, usage: undefined, isFinished: false };
  const chunk = chunkPrinter(billable.id, asked.model);
  try {
    await written(response, chunk({ role: 'assistant', content: '' }, null));
    for (let event: ChatEvent | undefined = first; event !== undefined; ) {
      if (event.kind === 'text') billable.delivered(event.text);
      await relayEvent(event, delivered, response, chunk);
      if (billable.isAbandoned()) return;
      const step: IteratorResult<ChatEvent> = await stream.events.next();
      event = step.done ? undefined : step.value;
    }
    if (billable.isAbandoned()) return;
    if (!delivered.isFinished) throw truncated();
    if (asked.hasUsage) await written(response, usageChunk(billable.id, asked, delivered));
    response.end('data: [DONE]\n\n');
  } catch (error) {
    // The status is gone out already; an error event is all that is left to tell.
    const told = error instanceof GatewayError ? error : truncated();
    response.end(`data: ${JSON.stringify(errorBody(told))}\n\n`);
  } finally {
    billable.reservation.bill(billedUsage(asked.prompt, delivered));
  }
}

async function relayEvent(
  event: ChatEvent,
  delivered: Delivered,
  response: ServerResponse,
  chunk: ReturnType<typeof chunkPrinter>,
): Promise<void> {
  switch (event.kind) {
    case 'text':
      await written(response, chunk({ content: event.text }, null));
      delivered.characters += event.text.length;
      return;
    case 'finish':
      delivered.isFinished = true;
      await written(response, chunk({}, event.reason));
      return;
    case 'usage':
      delivered.usage = event.usage;
  }
}

/** Resolves once the socket can take more, or is gone; leaves no listener behind. */
function written(response: ServerResponse, text: string): Promise<void> | undefined {
  if (response.destroyed || response.write(text)) return undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  const settle = () => {
    response.off('drain', settle);
    response.off('close', settle);
    resolve();
  };
  response.on('drain', settle);
  response.on('close', settle);
  return promise;
}

function openEventStream(response: ServerResponse, id: string): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-request-id': id,
  });
}

function chunkPrinter(id: string, model: string) {
  const head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: unixSeconds() };
  return (delta: object, finishReason: string | null): string => {
    const choices = [{ index: 0, delta, finish_reason: finishReason }];
    return `data: ${JSON.stringify({ ...head, model, choices })}\n\n`;
  };
}

function usageChunk(id: string, { model, prompt }: Asked, delivered: Delivered): string {
  const { inputTokens, outputTokens } = billedUsage(prompt, delivered);
  const usage = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  const head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: unixSeconds() };
  return `data: ${JSON.stringify({ ...head, model, choices: [], usage })}\n\n`;
}

/** The provider's counts; for a stream that did not live to tell them, four characters a token. */
function billedUsage(prompt: string, { usage, characters }: Delivered) {
  if (usage !== undefined) return { ...usage, isEstimated: false };
  return {
    inputTokens: Math.ceil(prompt.length / 4),
    outputTokens: Math.ceil(characters / 4),
    isEstimated: true,
  };
}

const truncated = () =>
  new GatewayError(
    502,
    'provider_stream_truncated',
    'Cannot finish the answer: the provider ended its stream before the last event.',
  );
