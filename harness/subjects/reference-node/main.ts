// Starts the reference gateway: settings from the environment, one JSON line on stdout when it is
// ready, logs on stderr. SIGTERM and SIGINT drain: running requests end, events are billed, and
// only what exceeds the limits is cut.

import pino, { type Logger } from 'pino';
import { within } from '../../../injectors/determinism.ts';
import { findLeak } from '../../../injectors/leaks/index.ts';
import { createBedrock } from './bedrock.ts';
import { startBilling } from './billing/billing.ts';
import { openLedger } from './billing/ledger.ts';
import type { BillingEvent } from './billing/queue.ts';
import { createLeakSockets } from './leak-sockets.ts';
import { createServer } from './server.ts';
import { readSettings } from './settings.ts';
import { createVertex } from './vertex.ts';

const requestsLimitMs = 10_000;
const billingLimitMs = 5_000;

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ level: settings.logLevel }, pino.destination({ fd: 2, sync: true }));
  const shutdown = new AbortController();
  const leakSockets = createLeakSockets(shutdown.signal);
  if (settings.leak !== undefined) findLeak(settings.leak).plant(leakSockets.host);

  const adapters = {
    bedrock: await createBedrock(settings, leakSockets),
    vertex: await createVertex(settings),
  };
  const billing = startBilling(await openLedger(settings), settings.billingQueueLimit, log);
  const server = createServer(settings, { adapters, billing, leakSockets }, log);
  const url = await server.listen({ host: settings.host, port: settings.port });

  const stop = async () => {
    await within(requestsLimitMs, 'Requests run on.', server.close()).catch((error: unknown) => {
      log.warn({ err: error }, 'connections are cut');
      server.server.closeAllConnections();
    });
    shutdown.abort();
    const left = await billing.close(billingLimitMs);
    await Promise.all(Object.values(adapters).map((adapter) => adapter.close()));
    finish(left, log);
  };
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void stop();
    });
  }
  process.stdout.write(`${JSON.stringify({ url, pid: process.pid })}\n`);
}

/** Open provider connections must not hold a process that was told to go. */
function finish(left: readonly BillingEvent[], log: Logger): never {
  // Each by itself: whoever has to bill them by hand needs every one.
  for (const event of left) log.error(event, 'this billable event was not written');
  if (left.length > 0) log.error({ left: left.length }, 'billable events were not written');
  process.exit(left.length > 0 ? 1 : 0);
}
