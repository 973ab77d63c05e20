// The fault plan over HTTP: read, replace, add to, clear, and the phase it is in. What a plan may
// hold is not a schema here but `checkPlan`, which lists every problem at once.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PlanInForce } from '../plan-in-force.ts';
import { answers, fields, wholeNumber } from './schemas.ts';

const bodyLimit = 1_048_576;
/** Shapes for the documentation; the check itself is the plan's own. */
const body = { description: '{"seed": 1, "faults": [{"fault": "truncate"}]}' };
const fault = { description: '{"fault": "truncate", "options": {"at": "50%"}}' };

export function mountPlan(control: FastifyInstance, plan: PlanInForce): void {
  const install = (input: unknown, reply: FastifyReply) => {
    const problems = plan.set(input);
    if (problems.length === 0) return plan.current();
    return reply.code(400).send({ error: 'Cannot use this plan.', problems });
  };
  control.get(
    '/plan',
    { schema: { summary: 'The fault plan in force.', response: answers('The plan.') } },
    () => plan.current(),
  );
  control.put(
    '/plan',
    { bodyLimit, schema: { summary: 'Put a fault plan in force.', body, ...withProblems } },
    (request, reply) => install(request.body, reply),
  );
  control.delete(
    '/plan',
    {
      schema: {
        summary: 'Clear the plan.',
        response: { 204: { type: 'null', description: 'Cleared.' } },
      },
    },
    (_, reply) => {
      plan.clear();
      return reply.code(204).send();
    },
  );
  control.post(
    '/plan/faults',
    { bodyLimit, schema: { summary: 'Add one fault to the plan.', body: fault, ...withProblems } },
    (request, reply) => {
      const problems = plan.add(request.body);
      if (problems.length === 0) return plan.current();
      return reply.code(400).send({ error: 'Cannot use this fault.', problems });
    },
  );
  mountFaults(control, plan);
  const phase = fields({ phase: { type: 'string', description: 'Empty: none.' } });
  control.put<{ Body: { phase: string } }>(
    '/plan/phase',
    {
      bodyLimit,
      schema: { summary: 'Say which phase is on.', body: phase, response: answers('The plan.') },
    },
    ({ body }) => {
      plan.enterPhase(body.phase);
      return plan.current();
    },
  );
}

interface OneFault {
  readonly Params: { readonly id: number };
}

/** Faults of the plan one by one, by their ids: what the dashboard's switches and sliders turn. */
function mountFaults(control: FastifyInstance, plan: PlanInForce): void {
  const params = fields({ id: wholeNumber() });
  const tell = (reply: FastifyReply, problems: readonly string[] | undefined) => {
    if (problems === undefined) return reply.code(404).send({ error: 'Cannot find that fault.' });
    if (problems.length === 0) return { faults: plan.faults() };
    return reply.code(400).send({ error: 'Cannot use this fault.', problems });
  };
  const schema = (summary: string) => ({ summary, params, ...withProblems });

  control.get(
    '/plan/faults',
    { schema: { summary: 'Its faults with ids and counts.', response: answers('{"faults"}') } },
    () => ({ faults: plan.faults() }),
  );
  control.put<OneFault>(
    '/plan/faults/:id',
    { bodyLimit, schema: { ...schema('Put a fault in place of one.'), body: fault } },
    ({ params: { id }, body }, reply) => tell(reply, plan.replace(id, body)),
  );
  control.put<OneFault & { Body: { on: boolean } }>(
    '/plan/faults/:id/switch',
    {
      schema: { ...schema('Switch a fault on or off.'), body: fields({ on: { type: 'boolean' } }) },
    },
    ({ params: { id }, body }, reply) => tell(reply, plan.turn(id, body.on)),
  );
  control.delete<OneFault>(
    '/plan/faults/:id',
    { schema: schema('Take one fault out of the plan.') },
    ({ params: { id } }, reply) => tell(reply, plan.remove(id) ? [] : undefined),
  );
}

const withProblems = {
  response: answers('The plan now in force.', '{"error", "problems": [every problem of it]}'),
};
