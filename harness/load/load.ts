// One stretch of load: a workload, sent by a client, as an executor allows. Every request becomes
// a row that is handed on and forgotten; only counts stay.

import type { RequestOutcome, RequestRow } from '../record.ts';
import type { GatewayAnswer } from './answer.ts';
import { type ClosedModel, runClosed } from './closed.ts';
import type { ExecutorReport } from './executor.ts';
import type { GatewayClient } from './gateway-client.ts';
import { type OpenModel, runOpen } from './open.ts';
import type { Workload } from './workload.ts';

export interface LoadPlan {
  /** Phase the rows belong to. */
  readonly phase: string;
  readonly workload: Workload;
  readonly model:
    | ({ readonly kind: 'closed' } & ClosedModel)
    | ({ readonly kind: 'open' } & OpenModel);
  /** Grace for requests in flight once a signal has ended the load. */
  readonly drainMs?: number;
}

export interface LoadReport extends ExecutorReport {
  readonly outcomes: Readonly<Record<RequestOutcome, number>>;
  readonly eventCount: number;
  readonly byteCount: number;
  /** CPU time of this process meanwhile: a load generator short of CPU measures itself. */
  readonly cpuMs: number;
}

export async function runLoad(
  client: GatewayClient,
  plan: LoadPlan,
  onRow: (row: RequestRow) => void,
  signal?: AbortSignal,
): Promise<LoadReport> {
  const { phase, workload, model, drainMs = 5000 } = plan;
  const outcomes: Record<RequestOutcome, number> = { ok: 0, aborted: 0, error: 0 };
  let eventCount = 0;
  let byteCount = 0;
  const work = {
    async run(seq: number) {
      const { arm, request } = workload(seq);
      const answer = await client.send(request);
      outcomes[answer.outcome] += 1;
      eventCount += answer.eventCount;
      byteCount += answer.byteCount;
      onRow(rowOf(phase, arm, answer));
    },
    cut: () => client.cut(`The load was ended and the answer not complete after ${drainMs} ms.`),
  };
  const limits = { drainMs, signal };
  const before = process.cpuUsage();
  const report =
    model.kind === 'closed'
      ? await runClosed(model, work, limits)
      : await runOpen(model, work, limits);
  const { user, system } = process.cpuUsage(before);
  return { ...report, outcomes, eventCount, byteCount, cpuMs: (user + system) / 1000 };
}

/** Field by field: the rest of an object costs more than reading its answer. */
function rowOf(phase: string, arm: string, answer: GatewayAnswer): RequestRow {
  const { id, startMs, ttftMs, endMs, status, outcome, error, tokens } = answer;
  const row = { phase, arm, id, startMs, ttftMs, endMs, status, outcome };
  if (error === undefined && tokens === undefined) return row;
  return { ...row, ...(error !== undefined && { error }), ...(tokens !== undefined && { tokens }) };
}
