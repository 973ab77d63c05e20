// Switches over HTTP: set by whoever steers a run, followed by the hook inside the gateway with a
// long poll.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Switch } from '../switches.ts';
import { answers, fields, wholeNumber } from './schemas.ts';

const text = { type: 'string' } as const;
const count = wholeNumber();
const params = fields({ name: text });
const most = { maximum: 2 ** 31 - 1 };
const delayMs = { type: 'number', minimum: 0, ...most } as const;
const change = fields({ mode: text, delayMs, nth: wholeNumber({ minimum: 1, ...most }) }, [
  'delayMs',
  'nth',
]);
const report = fields({ version: count, calls: count, waiting: count });
const since = fields({ since: wholeNumber({ default: 0 }) });

interface Change {
  readonly mode: string;
  readonly delayMs?: number;
  readonly nth?: number;
}

export function mountSwitches(
  control: FastifyInstance,
  switches: Readonly<Record<string, Switch>>,
): void {
  const find = (name: string) => (Object.hasOwn(switches, name) ? switches[name] : undefined);
  const known = Object.keys(switches).join(', ');
  const unknown = (reply: FastifyReply) =>
    reply.code(404).send({ error: `Cannot find that switch. Known: ${known}.` });
  const schema = (summary: string) => ({
    summary,
    params,
    response: answers('The state of the switch.', 'A bad query or body.'),
  });

  control.get<{ Params: { name: string }; Querystring: { since: number } }>(
    '/switches/:name',
    { schema: { ...schema('Waits for a version after `since`.'), querystring: since } },
    async ({ params: { name }, query }, reply) => {
      const found = find(name);
      if (found === undefined) return unknown(reply);
      return found.changedSince(query.since, (wake) => void reply.raw.once('close', wake));
    },
  );
  control.put<{ Params: { name: string }; Body: Change }>(
    '/switches/:name',
    { schema: { ...schema('Turns the switch.'), body: change } },
    ({ params: { name }, body }, reply) => {
      try {
        return find(name)?.set(body.mode, body.delayMs, body.nth) ?? unknown(reply);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return reply.code(400).send({ error: error.message });
      }
    },
  );
  control.get<{ Params: { name: string } }>(
    '/switches/:name/seen',
    { schema: schema('What the hook in the gateway last told.') },
    ({ params: { name } }, reply) => {
      const found = find(name);
      return found === undefined ? unknown(reply) : { state: found.state, seen: found.seen };
    },
  );
  control.post<{
    Params: { name: string };
    Body: { version: number; calls: number; waiting: number };
  }>(
    '/switches/:name/seen',
    { schema: { summary: 'Tells what the hook sees.', params, body: report } },
    ({ params: { name }, body }, reply) => {
      const found = find(name);
      if (found === undefined) return unknown(reply);
      found.markSeen(body);
      return reply.code(204).send();
    },
  );
}
