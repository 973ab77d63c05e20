// leakbed's virtual users as an engine of Artillery: its arrivals, loops and reports, our requests,
// client faults and counts. Artillery finds it as `artillery-engine-leakbed` (engine-package/).

import { seededRng, systemClock } from '../../injectors/determinism.ts';
import { type GatewayClient, openGatewayClient } from '../load/gateway-client.ts';
import type {
  ArtilleryEvents,
  ArtilleryScenario,
  ArtilleryScript,
  ArtilleryTools,
  Task,
  UserContext,
} from './artillery.ts';
import { readEngineOptions } from './engine-options.ts';
import { createMeter, type Meter } from './meter.ts';
import { compileStep, settled, type User } from './steps.ts';

export interface Engine {
  createScenario(spec: ArtilleryScenario, events: ArtilleryEvents): Task;
}

/** Artillery calls it with `new`, in each of its workers. */
export function createEngine(
  script: ArtilleryScript,
  _events: unknown,
  tools: ArtilleryTools,
): Engine {
  const { target } = script.config;
  const options = readEngineOptions(script.config.engines?.leakbed ?? {});
  const worker = process.env.LOCAL_WORKER_ID ?? '0';
  const rng = seededRng(options.seed).fork(`worker ${worker}`);
  // Counts of all scenarios go to one place, so the first to know of an injection will do.
  let meter: Meter | undefined;
  let client: GatewayClient | undefined;
  let userCount = 0;
  let workingCount = 0;
  const clientFor = ({ vars }: UserContext) => {
    client ??= openGatewayClient({
      url: target.replace(/\/+$/, ''),
      apiKey: options.apiKey,
      connectionLimit: options.maxUsers,
      // Every request is known in the gateway's ledger: by run, worker and number.
      requestIdPrefix: `${String(vars.$testId ?? 'artillery')}-${worker}`,
      nowMs: systemClock.nowMs,
      onInjection: ({ fault }) => meter?.fault(fault),
      ...(options.apiPath !== undefined && { apiPath: options.apiPath }),
    });
    return client;
  };
  return {
    createScenario({ flow }, events) {
      const own = createMeter(events);
      meter ??= own;
      const steps = flow.map((step) => compileStep(step, { script, tools, options }));
      return (context, done) => {
        events.emit('started');
        userCount += 1;
        workingCount += 1;
        const user: User = {
          rng: rng.fork(`user ${userCount}`),
          requestCount: 0,
          client: clientFor(context),
          meter: own,
        };
        const work = async () => {
          for (const step of steps) await settled(step(user), context);
        };
        const leave = (error?: unknown) => {
          workingCount -= 1;
          if (workingCount === 0) client?.dropIdle();
          done(error, context);
        };
        work().then(
          () => leave(),
          (error: unknown) => {
            events.emit('error', error instanceof Error ? error.message : String(error));
            leave(error);
          },
        );
      };
    },
  };
}
