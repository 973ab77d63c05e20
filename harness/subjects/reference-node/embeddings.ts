// POST /api/v1/embeddings, with as many provider calls as the batch needs.
// Source: https://platform.openai.com/docs/api-reference/embeddings

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BillableRequests, Services } from './billable.ts';
import { findModel } from './models.ts';
import type { EmbeddingBody } from './request-body.ts';

export function embeddingHandler({ adapters }: Services, requests: BillableRequests) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const body = request.body as EmbeddingBody;
    const model = findModel(body.model, 'embedding');
    const texts = [body.input].flat();
    const asked = { model, prompt: texts.join('\n') };
    return requests.run(request, reply, asked, async ({ reservation, onAbandoned }) => {
      const controller = new AbortController();
      onAbandoned(() => controller.abort());
      const adapter = adapters[model.provider];
      const { vectors, inputTokens } = await adapter.embed(model.id, texts, controller.signal);
      reservation.bill({ inputTokens, outputTokens: 0, isEstimated: false });
      return {
        object: 'list',
        model: model.id,
        data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
        usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
      };
    });
  };
}
