// A whole stretch of load over sockets: rows, counts, and nothing left behind in this process.

import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Test, test } from 'tap';
import { openGatewayClient } from '../../../harness/load/gateway-client.ts';
import { runLoad } from '../../../harness/load/load.ts';
import { constantRate } from '../../../harness/load/pacer.ts';
import { type Arm, mix } from '../../../harness/load/workload.ts';
import type { RequestRow } from '../../../harness/record.ts';
import { seededRng, sleep, systemClock } from '../../../injectors/determinism.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { startOpenAiServer } from '../../fixtures/openai-server.ts';

function arm(name: string, model: string, words?: string): Arm {
  const faults =
    words === undefined ? [] : bindFaults([parseFaultWords(words)]).planned.map((p) => p.bound);
  const request = { kind: 'chat', model, prompt: 'Why?', isStreamed: true, faults } as const;
  return { name, weight: 1, make: () => request };
}

async function setUp(t: Test) {
  const server = await startOpenAiServer(t);
  const { nowMs } = systemClock;
  const client = openGatewayClient({ url: server.url, connectionLimit: 16, nowMs });
  t.teardown(() => client[Symbol.asyncDispose]());
  return { server, client };
}

test('a closed load gives exactly n rows, each with its phase, arm and outcome', async (t) => {
  const { client } = await setUp(t);
  const rows: RequestRow[] = [];
  const arms = [arm('complete', 'complete'), arm('aborted', 'endless', 'abort;at=2')];
  const plan = {
    phase: 'stress',
    workload: mix([...arms, arm('busy', 'busy')], seededRng(1)),
    model: { kind: 'closed', userCount: 8, requestCount: 300 },
  } as const;
  const report = await runLoad(client, plan, (row) => void rows.push(row));
  t.equal(rows.length, 300);
  t.ok(rows.every(({ phase }) => phase === 'stress'));
  const outcomeOf: Record<string, string> = { complete: 'ok', aborted: 'aborted', busy: 'error' };
  t.ok(rows.every((row) => row.outcome === outcomeOf[row.arm]));
  const count = (name: string) => rows.filter((row) => row.arm === name).length;
  t.ok(count('complete') > 50 && count('aborted') > 50 && count('busy') > 50);
  t.same(report.outcomes, {
    ok: count('complete'),
    aborted: count('aborted'),
    error: count('busy'),
  });
  t.equal(report.eventCount, 40 * count('complete') + 2 * count('aborted'));
  t.notOk(
    rows.some((row) => 'eventCount' in row),
    'a row is a row of the record, no more',
  );
});

test('an open load against a gateway that hangs drops what it cannot start', async (t) => {
  const { client } = await setUp(t);
  const plan = {
    phase: 'stress',
    workload: mix([arm('silent', 'silent')], seededRng(1)),
    model: { kind: 'open', pacer: constantRate(500, 100), maxInFlight: 16 },
    drainMs: 20,
  } as const;
  const rows: RequestRow[] = [];
  const report = await runLoad(client, plan, (row) => void rows.push(row));
  t.match(report, { startedCount: 16, droppedCount: 34, finishedCount: 16, unfinishedCount: 0 });
  t.equal(rows.length, 16);
  t.match(rows[0], { outcome: 'error', error: /load was ended/ });
});

test('a signal stops a load within its drain time, every request accounted for', async (t) => {
  const { client } = await setUp(t);
  const stop = new AbortController();
  const plan = {
    phase: 'stress',
    workload: mix([arm('endless', 'endless')], seededRng(1)),
    model: { kind: 'closed', userCount: 4, requestCount: 1_000_000 },
    drainMs: 50,
  } as const;
  let rowCount = 0;
  systemClock.after(50, () => stop.abort());
  const report = await runLoad(client, plan, () => void rowCount++, stop.signal);
  t.match(report, { isStopped: true, startedCount: 4, finishedCount: 4, unfinishedCount: 0 });
  t.equal(rowCount, 4);
  t.ok(report.elapsedMs < 2000, `${report.elapsedMs} ms`);
});

test('2,000 aborted requests leave no socket, handle or memory in this process', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { server, client } = await setUp(t);
  const abortRequests = async (requestCount: number, words: string) => {
    const plan = {
      phase: 'stress',
      workload: mix([arm('aborted', 'endless', words)], seededRng(1)),
      model: { kind: 'closed', userCount: 16, requestCount },
    } as const;
    const report = await runLoad(client, plan, () => undefined);
    t.equal(report.outcomes.aborted, requestCount);
  };
  const level = async () => {
    client.dropIdle();
    while (server.openSocketCount > 0) await sleep(5);
    await sleep(20);
    collect();
    await sleep(10);
    collect();
    return {
      fds: readdirSync('/proc/self/fd').length,
      handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
      timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
      heapBytes: process.memoryUsage().heapUsed,
    };
  };
  await abortRequests(1000, 'abort;at=3');
  const before = await level();
  await abortRequests(1000, 'abort;at=3');
  await abortRequests(1000, 'abort;at=3;how=reset;after=30s');
  const after = await level();
  t.comment(JSON.stringify({ before, after }));
  t.equal(after.fds, before.fds, 'file descriptors');
  t.equal(after.handles, before.handles, 'handles');
  t.ok(after.timers <= before.timers, `timers: ${before.timers}, then ${after.timers}`);
  const perRequest = (after.heapBytes - before.heapBytes) / 2000;
  // Warm-up code and feedback; a retained exchange would be 2 kB and more a request.
  t.ok(perRequest < 200, `${perRequest.toFixed(0)} bytes a request`);
});
