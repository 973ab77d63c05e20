// One gateway with a real Postgres behind its billing, under one mode of stall, in rounds: what the
// queue reached, what an event in it costs, how long it took to drain, and whether the ledger has
// every answer once.

import { readFileSync } from 'node:fs';
import {
  type Answered,
  type Reconciliation,
  reconcile,
} from '../../../harness/checkers/reconcile.ts';
import { allProbes } from '../../../harness/probes/index.ts';
import type { AttachedProbe, Reading } from '../../../harness/probes/probe.ts';
import { readMetric } from '../../../harness/probes/prometheus-text.ts';
import { readLevel } from '../../../harness/runner/context.ts';
import { controlClient } from '../../../harness/runner/control-client.ts';
import { chatModels } from '../../../harness/scenarios/arms.ts';
import { median } from '../../../harness/stats/median.ts';
import { bringUp, type GatewayChoice } from '../../../harness/subjects/gateway.ts';
import { providerEnvironment } from '../../../harness/subjects/provider-environment.ts';
import { openSink } from '../../../harness/subjects/sink.ts';
import type { Subject } from '../../../harness/subjects/subject.ts';
import type { StallPlace, StallState } from '../../../injectors/ambient/billing-stall.ts';
import { healthy } from '../../../injectors/ambient/billing-stall.ts';
import { seededRng, sleep, systemClock } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import type { Postgres } from '../../fixtures/postgres.ts';

export interface Stalled {
  readonly gateway: 'reference' | 'reference-python';
  readonly queueLimit: number;
  readonly place: StallPlace;
  readonly state: StallState;
  readonly eventsPerRound: number;
  readonly rounds: number;
}

export interface StallOutcome extends Reconciliation {
  readonly depth: number;
  readonly refused: number;
  /** Median, least and most of the rounds; null where the queue held too few events. */
  readonly bytesPerEvent: readonly [middle: number, low: number, high: number] | null;
  readonly peakRssBytes: number;
  readonly drainSeconds: number;
  /** Live memory at the end, less that before the first round. */
  readonly residualBytes: number;
}

const enoughEvents = 50;
const warmUpRequests = 600;
const drainLimitMs = 60_000;
const users = 8;

export async function runStalled(
  stalled: Stalled,
  mocks: Mocks,
  postgres: Postgres,
): Promise<StallOutcome> {
  const control = controlClient(mocks.url, undefined);
  await postgres.rows('DROP TABLE IF EXISTS ledger');
  await using sink = await openSink(
    { variable: 'DATABASE_URL', url: postgres.url },
    { url: mocks.url, token: undefined, rng: seededRng(1) },
  );
  const choice: GatewayChoice = { kind: stalled.gateway, leak: undefined };
  await using subject = await bringUp(choice, {
    mocksUrl: mocks.url,
    environment: {
      ...providerEnvironment({ mocksUrl: mocks.url }),
      ...sink.environment,
      BILLING_QUEUE_LIMIT: String(stalled.queueLimit),
    },
    token: undefined,
    apiKey: 'leakbed',
    signal: AbortSignal.timeout(300_000),
  });
  await using stack = new AsyncDisposableStack();
  const probes: AttachedProbe[] = [];
  for (const probe of allProbes()) {
    const attached = await probe.attach(subject, systemClock.nowMs).catch(() => null);
    if (attached !== null) probes.push(stack.use(attached));
  }
  const answered: Answered[] = [];
  const ask = (prefix: string, count: number) => askMany(subject, prefix, count, answered);
  // What V8 adds for code that runs for the first time, the way through a stall included, would be
  // taken for the cost of an event.
  await ask('warm', warmUpRequests);
  await control.billingStall(stalled.place).set(stalled.state);
  await ask('warm-stalled', stalled.eventsPerRound);
  await control.billingStall(stalled.place).set(healthy);
  await drained(subject);
  const before = live(await readLevel(probes));
  const costs: number[] = [];
  let depth = 0;
  let refused = 0;
  let drainSeconds = 0;
  for (let round = 0; round < stalled.rounds; round += 1) {
    await control.billingStall(stalled.place).set(stalled.state);
    refused += await ask(`round${round}`, stalled.eventsPerRound);
    const reached = await metric(subject, 'billing_queue_depth');
    depth = Math.max(depth, reached);
    const full = live(await readLevel(probes));
    const startedMs = systemClock.nowMs();
    await control.billingStall(stalled.place).set(healthy);
    await drained(subject);
    drainSeconds = Math.max(drainSeconds, (systemClock.nowMs() - startedMs) / 1000);
    const empty = live(await readLevel(probes));
    if (reached >= enoughEvents) costs.push((full - empty) / reached);
  }
  const residualBytes = live(await readLevel(probes)) - before;
  const middle = median(costs);
  return {
    ...reconcile(answered, await ledgerRows(postgres)),
    depth,
    refused,
    bytesPerEvent: middle === null ? null : [middle, Math.min(...costs), Math.max(...costs)],
    peakRssBytes: peakRss(subject),
    drainSeconds,
    residualBytes,
  };
}

/** Returns how many were refused with 503; every whole answer is noted with what it used. */
async function askMany(
  { url }: Subject,
  prefix: string,
  count: number,
  answered: Answered[],
): Promise<number> {
  let next = 0;
  let refused = 0;
  const user = async () => {
    while (next < count) {
      next += 1;
      const id = `${prefix}-${next}`;
      const response = await fetch(`${url}/api/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer leakbed',
          'content-type': 'application/json',
          'x-request-id': id,
        },
        body: JSON.stringify({
          model: chatModels.bedrock,
          messages: [{ role: 'user', content: `Question ${id} [[leakbed chunks=4]]` }],
        }),
      });
      if (response.status === 503) refused += 1;
      if (response.status !== 200) {
        const said = await response.text();
        if (response.status !== 503)
          throw new Error(`${id} was answered ${response.status}: ${said}`);
        continue;
      }
      const { usage } = (await response.json()) as {
        usage: { prompt_tokens: number; completion_tokens: number };
      };
      const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
      answered.push({ id, inputTokens, outputTokens });
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  return refused;
}

export async function metric({ url }: Subject, name: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return readMetric(page, name) ?? Number.NaN;
}

/** Until the queue is empty; one that does not drain is told by what the ledger then lacks. */
export async function drained(subject: Subject): Promise<void> {
  const startedMs = systemClock.nowMs();
  while ((await metric(subject, 'billing_queue_depth')) > 0) {
    if (systemClock.nowMs() - startedMs > drainLimitMs) return;
    await sleep(20);
  }
}

export async function ledgerRows(postgres: Postgres) {
  return await postgres.rows<{ id: string; inputTokens: number; outputTokens: number }>(
    'SELECT request_id AS id, input_tokens AS "inputTokens", output_tokens AS "outputTokens" FROM ledger',
  );
}

/** Of V8 what it tells itself; of anything else, what the kernel sees. */
const live = ({ heapBytes, externalBytes, anonBytes }: Reading) =>
  heapBytes === undefined ? (anonBytes ?? 0) : heapBytes + (externalBytes ?? 0);

function peakRss({ pid }: Subject): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
}
