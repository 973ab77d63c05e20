// What the fakes did, over HTTP: journal, streams in flight, totals as metrics, reset.

import type { FastifyInstance } from 'fastify';
import type { Memory } from '../memory.ts';
import type { PlanInForce } from '../plan-in-force.ts';
import { type MetricsParts, metricsText } from './metrics.ts';
import { answers, fields, wholeNumber } from './schemas.ts';

export interface JournalParts extends MetricsParts {
  readonly plan: PlanInForce;
  readonly memory: Memory;
}

const since = fields({
  since: wholeNumber({ default: 0, description: 'Only entries after this sequence.' }),
});
const limit = fields({ limit: wholeNumber({ maximum: 100_000, default: 1000 }) });

export function mountJournal(control: FastifyInstance, parts: JournalParts): void {
  const { journal, memory, plan } = parts;
  control.get<{ Querystring: { since: number } }>(
    '/journal',
    {
      schema: {
        summary: 'The newest requests, with what was injected and how they ended.',
        querystring: since,
        response: answers('{"last": <sequence>, "entries": [...]}', 'A bad query.'),
      },
    },
    ({ query }) => ({ last: journal.lastSequence, entries: journal.since(query.since) }),
  );
  control.get<{ Querystring: { limit: number } }>(
    '/streams',
    {
      schema: {
        summary: 'Requests under way.',
        querystring: limit,
        response: answers('{"total", "streams": [journal entries]}', 'A bad query.'),
      },
    },
    ({ query }) => ({
      total: journal.inFlightCount,
      streams: journal.inFlight().slice(0, query.limit),
    }),
  );
  control.delete<{ Params: { sequence: number } }>(
    '/streams/:sequence',
    {
      schema: {
        summary: 'End a stream: by an error, or a reset where its head is out.',
        params: fields({ sequence: wholeNumber() }),
        response: { 204: { type: 'null', description: 'Ended.' } },
      },
    },
    ({ params: { sequence } }, reply) => {
      if (journal.stop(sequence)) return reply.code(204).send();
      return reply.code(404).send({ error: 'Cannot end that stream: it is not in flight.' });
    },
  );
  control.get('/metrics', { schema: { summary: 'Totals for Prometheus.' } }, async (_, reply) => {
    const { type, text } = await metricsText(parts);
    return reply.type(type).send(text);
  });
  control.post(
    '/reset',
    { schema: { summary: 'Clear journal, plan and what providers remember.' } },
    (_, reply) => {
      journal.reset();
      memory.reset();
      plan.clear();
      return reply.code(204).send();
    },
  );
}
