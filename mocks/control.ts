// The control plane under /__leakbed/: plan, journal, streams in flight, switches, metrics, live
// feed, reset, health, and the dashboard that shows and turns it all. It changes what the mocks do,
// so `control/admission.ts` stands in front.

import type { IncomingMessage } from 'node:http';
import type { FastifyError, FastifyInstance } from 'fastify';
import { admission } from './control/admission.ts';
import { mountDocs } from './control/docs-routes.ts';
import type { Feed } from './control/feed.ts';
import { type JournalParts, mountJournal } from './control/journal-routes.ts';
import { livePath, mountLiveFeed } from './control/live-routes.ts';
import { mountPlan } from './control/plan-routes.ts';
import { mountSwitches } from './control/switch-routes.ts';
import { catalogue } from './dashboard/catalogue.ts';
import { mountDashboard } from './dashboard/routes.ts';
import type { Switch } from './switches.ts';

export interface ControlParts extends JournalParts {
  readonly switches: Readonly<Record<string, Switch>>;
  readonly feed: Feed;
  /** Required of every request when set. */
  readonly token: string | undefined;
  readonly seed: number;
}

const prefix = '/__leakbed';

export function isControlPath(url: string): boolean {
  return url.startsWith(`${prefix}/`) || url === prefix;
}

export function isFeedUpgrade({ url = '/', method }: IncomingMessage): boolean {
  return method === 'GET' && url.split('?')[0] === `${prefix}${livePath}`;
}

export function mountControl(app: FastifyInstance, parts: ControlParts): void {
  app.register(
    async (page) => {
      page.addHook('onRequest', admission(parts.token, { isPublic: true }));
      mountDashboard(page, prefix);
    },
    { prefix },
  );
  app.register(
    async (control) => {
      control.addHook('onRequest', admission(parts.token));
      control.setErrorHandler<FastifyError>((error, _, reply) => {
        // JSON.parse takes any depth; what looks into the body afterwards does not.
        const isTooDeep = error instanceof RangeError && error.statusCode === undefined;
        const said = isTooDeep ? 'Cannot read the body: it is nested too deeply.' : error.message;
        return reply.code(isTooDeep ? 400 : (error.statusCode ?? 500)).send({ error: said });
      });
      await mountDocs(control);
      mountPlan(control, parts.plan);
      mountJournal(control, parts);
      mountSwitches(control, parts.switches);
      mountLiveFeed(control, parts.feed);
      control.get('/faults', { schema: { summary: 'What can be done, as data for forms.' } }, () =>
        catalogue(),
      );
      control.get('/health', { schema: { summary: 'Alive, and with which seed.' } }, () => ({
        status: 'ok',
        seed: parts.seed,
      }));
    },
    { prefix },
  );
}
