// The gateway's HTTP surface: OpenAI-compatible routes behind an API key, health and metrics.

import { randomUUID } from 'node:crypto';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { apiKeyCheck } from './api-key.ts';
import { type Services, trackBillable } from './billable.ts';
import { chatHandler } from './chat.ts';
import { embeddingHandler } from './embeddings.ts';
import { errorBody, GatewayError } from './gateway-error.ts';
import { models } from './models.ts';
import { prometheusText, prometheusType } from './prometheus.ts';
import { chatBody, embeddingBody } from './request-body.ts';
import type { Settings } from './settings.ts';

/** Bedrock takes bodies of up to 25 MB; JSON around the prompt needs a little more. */
const bodyLimitBytes = 32 * 1024 * 1024;
const requestIdShape = /^[\w.:-]{1,128}$/;

export function createServer(
  settings: Pick<Settings, 'apiKeys'> & Partial<Pick<Settings, 'textsPerCall'>>,
  services: Services,
  log: Logger,
): FastifyInstance {
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    bodyLimit: bodyLimitBytes,
    requestIdHeader: 'x-request-id',
    genReqId: () => randomUUID(),
    // What a client sent is judged as it is, not bent until it fits.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  const requests = trackBillable(services);
  const checkKey = apiKeyCheck(settings.apiKeys);

  server.addHook('onRequest', async (request, reply) => {
    if (!requestIdShape.test(request.id)) throw badRequestId();
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/')) checkKey(request.headers.authorization);
  });
  server.post(
    '/api/v1/chat/completions',
    { schema: { body: chatBody } },
    chatHandler(services, requests),
  );
  server.post(
    '/api/v1/embeddings',
    { schema: { body: embeddingBody } },
    embeddingHandler(services, requests, settings.textsPerCall || undefined),
  );
  server.get('/api/v1/models', async () => ({
    object: 'list',
    data: models.map(({ id, provider }) => ({ id, object: 'model', owned_by: provider })),
  }));
  server.get('/health', async () => ({ status: 'ok' }));
  server.get('/metrics', async (_request, reply) => {
    reply.type(prometheusType);
    return prometheusText(services.billing.counts(), requests.counts());
  });
  tellErrors(server, log);
  return server;
}

function tellErrors(server: FastifyInstance, log: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    const where = `${request.method} ${request.url}`;
    const error = new GatewayError(
      404,
      'not_found',
      `Cannot serve ${where}: there is no such route.`,
    );
    return reply.status(404).send(errorBody(error));
  });
  server.setErrorHandler((error, request, reply) => {
    const told = readError(error);
    if (told.status >= 500) log.warn({ err: error, requestId: request.id }, 'request failed');
    if (told.retryAfterSeconds !== undefined) reply.header('retry-after', told.retryAfterSeconds);
    return reply.status(told.status).send(errorBody(told));
  });
}

function readError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const { statusCode, code, message } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (statusCode === undefined || statusCode >= 500) {
    return new GatewayError(500, 'internal_error', 'The gateway failed; its log says why.');
  }
  return new GatewayError(statusCode, code ?? 'invalid_request', message ?? 'Invalid request.');
}

const badRequestId = () =>
  new GatewayError(
    400,
    'invalid_request_id',
    'Cannot accept x-request-id: it must be 1 to 128 letters, digits or "._:-".',
  );
