// POST /api/v1/embeddings, with as many provider calls as the batch needs.
// Source: https://platform.openai.com/docs/api-reference/embeddings

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BillableRequests, Services } from './billable.ts';
import { GatewayError } from './gateway-error.ts';
import { findModel } from './models.ts';
import type { EmbeddingBody } from './request-body.ts';

const header = 'x-texts-per-call';

/** `defaultTextsPerCall`: for requests that do not say; undefined suits them to the memory free. */
export function embeddingHandler(
  { adapters }: Services,
  requests: BillableRequests,
  defaultTextsPerCall: number | undefined,
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const body = request.body as EmbeddingBody;
    const model = findModel(body.model, 'embedding');
    const texts = [body.input].flat();
    const asked = { model, prompt: texts.join('\n') };
    return requests.run(request, reply, asked, async ({ reservation, onAbandoned }) => {
      const controller = new AbortController();
      onAbandoned(() => controller.abort());
      const adapter = adapters[model.provider];
      const { signal } = controller;
      const textsPerCall = textsPerCallOf(request) ?? defaultTextsPerCall;
      const { vectors, inputTokens } = await adapter.embed(model.id, texts, {
        signal,
        textsPerCall,
      });
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

/** A client may fix the size of the batches for its request. */
function textsPerCallOf({ headers }: FastifyRequest): number | undefined {
  const given = headers[header];
  if (given === undefined) return undefined;
  const size = Number(given);
  if (Number.isSafeInteger(size) && size >= 1) return size;
  const message = `Cannot accept ${header}: ${given}: it must be a whole number from 1.`;
  throw new GatewayError(400, 'invalid_texts_per_call', message);
}
