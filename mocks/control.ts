// The control plane under /__leakbed/: plan, journal, streams in flight, switches, reset, health.
// It changes what the mocks do, so browsers of another origin are refused, and off loopback every
// request needs the token.

import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { checkPlan } from '../injectors/registry.ts';
import { admission } from './control/admission.ts';
import type { Journal } from './journal.ts';
import type { Memory } from './memory.ts';
import type { PlanInForce } from './plan-in-force.ts';
import type { Switch } from './switches.ts';

export interface ControlParts {
  readonly plan: PlanInForce;
  readonly journal: Journal;
  readonly memory: Memory;
  readonly switches: Readonly<Record<string, Switch>>;
  /** Required of every request when set. */
  readonly token: string | undefined;
  readonly seed: number;
}

const bodyLimitBytes = 1_048_576;
const prefix = '/__leakbed';

export function isControlPath(url: string): boolean {
  return url.startsWith(`${prefix}/`) || url === prefix;
}

export function mountControl(app: FastifyInstance, parts: ControlParts): void {
  app.register(
    async (control) => {
      control.addHook('onRequest', admission(parts.token));
      control.setErrorHandler<FastifyError>((error, _, reply) =>
        reply.code(error.statusCode ?? 500).send({ error: error.message }),
      );
      mountPlan(control, parts);
      mountJournal(control, parts);
      mountSwitches(control, parts.switches);
      control.get('/health', () => ({ status: 'ok', seed: parts.seed }));
    },
    { prefix },
  );
}

function mountPlan(control: FastifyInstance, { plan }: ControlParts): void {
  const install = (input: unknown, reply: FastifyReply) => {
    const problems = plan.set(input);
    if (problems.length === 0) return plan.current();
    return reply.code(400).send({ error: 'Cannot use this plan.', problems });
  };
  const options = { bodyLimit: bodyLimitBytes };
  control.get('/plan', () => plan.current());
  control.put('/plan', options, (request, reply) => install(request.body, reply));
  control.delete('/plan', (_, reply) => {
    plan.clear();
    return reply.code(204).send();
  });
  control.post('/plan/faults', options, (request, reply) => {
    const added = checkPlan({ faults: [request.body] });
    if (added.problems.length > 0) {
      return reply.code(400).send({ error: 'Cannot use this fault.', problems: added.problems });
    }
    return install({ ...plan.current(), faults: [...plan.current().faults, request.body] }, reply);
  });
}

function mountJournal(control: FastifyInstance, { journal, plan, memory }: ControlParts): void {
  const since = Type.Object({ since: Type.Integer({ minimum: 0, default: 0 }) });
  control.get<{ Querystring: { since: number } }>(
    '/journal',
    { schema: { querystring: since } },
    ({ query }) => ({ last: journal.lastSequence, entries: journal.since(query.since) }),
  );
  control.get('/streams', () => ({ streams: journal.inFlight() }));
  control.post('/reset', (_, reply) => {
    journal.reset();
    memory.reset();
    plan.clear();
    return reply.code(204).send();
  });
}

function mountSwitches(control: FastifyInstance, switches: Readonly<Record<string, Switch>>): void {
  const count = Type.Integer({ minimum: 0 });
  const find = (name: string) => (Object.hasOwn(switches, name) ? switches[name] : undefined);
  const unknown = (reply: FastifyReply) =>
    reply.code(404).send({
      error: `Cannot find that switch. Known: ${Object.keys(switches).join(', ')}.`,
    });

  control.get<{ Params: { name: string }; Querystring: { since: number } }>(
    '/switches/:name',
    { schema: { querystring: Type.Object({ since: Type.Integer({ minimum: 0, default: 0 }) }) } },
    async ({ params, query }, reply) => {
      const found = find(params.name);
      if (found === undefined) return unknown(reply);
      return found.changedSince(query.since, (wake) => void reply.raw.once('close', wake));
    },
  );
  control.put<{ Params: { name: string }; Body: { mode: string; delayMs?: number } }>(
    '/switches/:name',
    { schema: { body: Type.Object({ mode: Type.String(), delayMs: Type.Optional(count) }) } },
    ({ params, body }, reply) =>
      find(params.name)?.set(body.mode, body.delayMs ?? 0) ?? unknown(reply),
  );
  control.get<{ Params: { name: string } }>('/switches/:name/seen', ({ params }, reply) => {
    const found = find(params.name);
    return found === undefined ? unknown(reply) : { state: found.state, seen: found.seen };
  });
  control.post<{
    Params: { name: string };
    Body: { version: number; calls: number; waiting: number };
  }>(
    '/switches/:name/seen',
    { schema: { body: Type.Object({ version: count, calls: count, waiting: count }) } },
    ({ params, body }, reply) => {
      const found = find(params.name);
      if (found === undefined) return unknown(reply);
      found.markSeen(body);
      return reply.code(204).send();
    },
  );
}
