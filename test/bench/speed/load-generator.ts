// What the load generator costs: requests per second that this process spends on a core, beside
// undici alone with a handler that counts the same events and takes the same times; and how much it
// can hold and cut off.

import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { type GatewayClient, openGatewayClient } from '../../../harness/load/gateway-client.ts';
import { encodeRequest } from '../../../harness/load/gateway-request.ts';
import { type LoadReport, runLoad } from '../../../harness/load/load.ts';
import { mix } from '../../../harness/load/workload.ts';
import { median } from '../../../harness/stats/median.ts';
import { seededRng, systemClock } from '../../../injectors/determinism.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { alternate } from './alternate.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const userCount = 32;
const streamCount = 5_000;
const leastAborts = 5_000;

export const loadGenerator: Bench = {
  name: 'load-generator',
  what: 'the load generator beside bare undici, requests per CPU second; 5,000 streams; aborts',
  isQuick: true,
  async *run(context) {
    const answers = fileURLToPath(new URL('baselines/openai-answers.ts', import.meta.url));
    await using server = await startServer([answers]);
    for (const [model, isStreamed] of [
      ['whole', true],
      ['json', false],
    ] as const) {
      yield await besideUndici(server, { model, isStreamed }, context);
    }
    yield await aborts(server, context);
    yield await manyStreams(server, context);
  },
};

interface Asked {
  readonly model: string;
  readonly isStreamed: boolean;
  /** A client fault in words. */
  readonly fault?: string;
}

const chat = ({ model, isStreamed, fault }: Asked) =>
  ({
    kind: 'chat',
    model,
    prompt: 'Why?',
    isStreamed,
    ...(fault !== undefined && {
      faults: bindFaults([parseFaultWords(fault)]).planned.map(({ bound }) => bound),
    }),
  }) as const;

const clientOf = ({ url }: ServerProcess, connectionLimit: number): GatewayClient =>
  openGatewayClient({ url, connectionLimit, nowMs: systemClock.nowMs });

async function send(
  client: GatewayClient,
  asked: Asked,
  counts: { readonly userCount: number; readonly requestCount: number },
): Promise<LoadReport> {
  const request = chat(asked);
  const workload = mix([{ name: asked.model, weight: 1, make: () => request }], seededRng(1));
  const rows = { kept: 0 };
  const report = await runLoad(
    client,
    { phase: 'bench', workload, model: { kind: 'closed', ...counts } },
    () => {
      rows.kept += 1;
    },
  );
  const wanted = asked.fault === undefined ? 'ok' : 'aborted';
  if (rows.kept !== counts.requestCount || report.outcomes[wanted] !== counts.requestCount) {
    throw new Error(`Expected ${counts.requestCount} ${wanted}: ${JSON.stringify(report)}.`);
  }
  return report;
}

async function besideUndici(
  server: ServerProcess,
  asked: Asked,
  { scale, note }: BenchContext,
): Promise<Figure> {
  const requestCount = scale === 'quick' ? 8_000 : 20_000;
  const turns = scale === 'quick' ? 5 : 9;
  await using client = clientOf(server, userCount);
  const pool = new Pool(server.url, { connections: userCount });
  try {
    const { ratios, subject, baseline } = await alternate(
      turns,
      async () => {
        const { cpuMs } = await send(client, asked, { userCount, requestCount });
        return (requestCount / cpuMs) * 1000;
      },
      async () => {
        const before = process.cpuUsage();
        await sendBare(pool, asked, requestCount);
        const { user, system } = process.cpuUsage(before);
        return (requestCount / (user + system)) * 1e6;
      },
    );
    const rate = (samples: readonly number[]) => Math.round(median(samples) ?? 0);
    note(`${rate(subject)} requests per CPU second, undici ${rate(baseline)}`);
    return {
      name: asked.model,
      unit: '×',
      baseline: 'bare undici',
      bar: { atLeast: 0.8 },
      samples: ratios,
    };
  } finally {
    await pool.destroy();
  }
}

/** The same requests by as many users, each answer looked at for its events and its end. */
async function sendBare(pool: Pool, asked: Asked, requestCount: number): Promise<void> {
  const request = chat(asked);
  let started = 0;
  const rows: { last?: object } = {};
  const user = async () => {
    while (started < requestCount) {
      started += 1;
      const { method, path, body } = encodeRequest(request);
      const id = `leakbed-${started}`;
      const headers = ['x-request-id', id, 'content-type', 'application/json'];
      const options = { method, path: `/api/v1${path}`, body, headers };
      const startMs = performance.now();
      await new Promise<void>((resolve, reject) => {
        let eventCount = 0;
        let tail = '';
        let status = 0;
        let ttftMs = 0;
        pool.dispatch(options, {
          onRequestStart: () => undefined,
          onResponseStart: (_, code) => {
            status = code;
          },
          onResponseData(_, chunk) {
            const text = chunk.toString('latin1');
            const key = '"content":"';
            for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
              eventCount += 1;
            }
            if (ttftMs === 0) ttftMs = performance.now() - startMs;
            tail = text.slice(-16);
          },
          onResponseEnd() {
            rows.last = { id, startMs, ttftMs, endMs: performance.now(), status, eventCount };
            const isWhole = eventCount > 0 && (!asked.isStreamed || tail.includes('[DONE]'));
            if (isWhole) resolve();
            else reject(new Error(`${asked.model}: ${eventCount} events, then ${tail}`));
          },
          onResponseError: (_, error) => reject(error),
        });
      });
    }
  };
  await Promise.all(Array.from({ length: userCount }, user));
}

/** Streams that are reset after their third event, each on a connection of its own. */
async function aborts(server: ServerProcess, { scale, note }: BenchContext): Promise<Figure> {
  const requestCount = scale === 'quick' ? 3_000 : 10_000;
  const turns = scale === 'quick' ? 3 : 7;
  const asked = { model: 'opening', isStreamed: true, fault: 'abort;at=3;how=reset' };
  await using client = clientOf(server, userCount);
  await send(client, asked, { userCount, requestCount });
  const samples: number[] = [];
  const perSecond: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const { cpuMs, elapsedMs } = await send(client, asked, { userCount, requestCount });
    samples.push((requestCount / cpuMs) * 1000);
    perSecond.push((requestCount / elapsedMs) * 1000);
  }
  note(`${Math.round(median(perSecond) ?? 0)} aborts a second by the clock`);
  const bar = { atLeast: leastAborts };
  return { name: 'aborts', unit: 'per CPU second', baseline: '', bar, samples };
}

async function manyStreams(server: ServerProcess, { scale, note }: BenchContext): Promise<Figure> {
  const count = scale === 'quick' ? streamCount / 5 : streamCount;
  await using client = clientOf(server, count);
  const asked = { model: 'slow', isStreamed: true };
  const report = await send(client, asked, { userCount: count, requestCount: count });
  const seconds = (report.elapsedMs / 1000).toFixed(1);
  note(`${count} streams in ${seconds} s for ${Math.round(report.cpuMs)} ms of CPU`);
  return {
    name: `${count} streams at once that are read to their end`,
    unit: '×',
    baseline: 'those begun',
    bar: { atLeast: 1 },
    samples: [report.outcomes.ok / count],
  };
}
