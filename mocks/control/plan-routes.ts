// The fault plan over HTTP: read, replace, add to, clear. What a plan may hold is not a schema
// here but `checkPlan`, which lists every problem at once.

import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { checkPlan } from '../../injectors/registry.ts';
import type { PlanInForce } from '../plan-in-force.ts';
import { answers } from './answers.ts';

const bodyLimit = 1_048_576;
/** Shapes for the documentation; the check itself is the plan's own. */
const body = Type.Unknown({ description: '{"seed": 1, "faults": [{"fault": "truncate"}]}' });
const fault = Type.Unknown({ description: '{"fault": "truncate", "options": {"at": "50%"}}' });

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
      const added = checkPlan({ faults: [request.body] });
      if (added.problems.length > 0) {
        return reply.code(400).send({ error: 'Cannot use this fault.', problems: added.problems });
      }
      const current = plan.current();
      return install({ ...current, faults: [...current.faults, request.body] }, reply);
    },
  );
}

const withProblems = {
  response: answers('The plan now in force.', '{"error", "problems": [every problem of it]}'),
};
