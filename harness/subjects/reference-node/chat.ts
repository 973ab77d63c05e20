// POST /api/v1/chat/completions: OpenAI's dialect in, one provider call, OpenAI's dialect out.
// Source: https://platform.openai.com/docs/api-reference/chat

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Billable, BillableRequests, Services } from './billable.ts';
import { relayStream } from './chat-stream.ts';
import type { ChatMessage, ChatQuery, ProviderAdapter } from './core.ts';
import { findModel } from './models.ts';
import type { ChatBody } from './request-body.ts';
import { unixSeconds } from './unix-time.ts';

export function chatHandler({ adapters }: Services, requests: BillableRequests) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const body = request.body as ChatBody;
    const model = findModel(body.model, 'chat');
    const query = chatQuery(body);
    const prompt = query.messages.map(({ content }) => content).join('\n');
    return requests.run<object>(request, reply, { model, prompt }, (billable) => {
      const adapter = adapters[model.provider];
      if (body.stream !== true) return answer(adapter, query, billable);
      const hasUsage = body.stream_options?.include_usage === true;
      const stream = adapter.streamChat(query);
      return relayStream(stream, billable, reply, { model: model.id, prompt, hasUsage });
    });
  };
}

async function answer(adapter: ProviderAdapter, query: ChatQuery, billable: Billable) {
  const controller = new AbortController();
  billable.onAbandoned(() => controller.abort());
  const { text, reason, usage } = await adapter.chat(query, controller.signal);
  billable.delivered(text);
  billable.reservation.bill({ ...usage, isEstimated: false });
  return {
    id: `chatcmpl-${billable.id}`,
    object: 'chat.completion',
    created: unixSeconds(),
    model: query.model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: reason }],
    usage: {
      prompt_tokens: usage.inputTokens,
      completion_tokens: usage.outputTokens,
      total_tokens: usage.inputTokens + usage.outputTokens,
    },
  };
}

function chatQuery(body: ChatBody): ChatQuery {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  return {
    model: body.model,
    messages: body.messages.map(chatMessage),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(body.temperature !== undefined && { temperature: body.temperature }),
    ...(body.top_p !== undefined && { topP: body.top_p }),
    ...(body.stop !== undefined && { stop: [body.stop].flat() }),
  };
}

function chatMessage({ role, content }: ChatBody['messages'][number]): ChatMessage {
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : content.map(({ text }) => text).join(''),
  };
}
