// Whole streams of ConverseStream: 105 events of generated content, no pause, HTTP/1.1. The request
// is the AWS SDK's own.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../../harness/stats/median.ts';
import { countEventStream, rawHttp1 } from '../../fixtures/raw-clients.ts';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { converseRequest } from './converse-request.ts';
import { loadHttp1, type Rate } from './http1-load.ts';
import { type ServerProcess, startMocksServer, startServer } from './server-process.ts';

/** With start, block stop, message stop and metadata: 105 events. */
const words = 'chunks=101 bytes=24';
const eventCount = 105;
/** What V8 needs to compile all of a request's path; until then a third of the time is its. */
const warmUp = { connections: 16, durationMs: 6000 };

export const converseStreams: Bench = {
  name: 'converse-streams',
  what: `ConverseStream of ${eventCount} events, streams per CPU second`,
  isQuick: true,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 9;
    const load = { connections: 16, durationMs: scale === 'quick' ? 700 : 1500 };
    const folder = await mkdtemp(join(tmpdir(), 'leakbed-bench-'));
    await using mocks = await startMocksServer();
    const request = await converseRequest(words);
    const rates = new Map<string, Rate[]>();
    const ask = (name: string, server: ServerProcess) => async () => {
      const rate = await loadHttp1(server, request, load);
      rates.set(name, [...(rates.get(name) ?? []), rate]);
      return rate.perCpuSecond;
    };
    try {
      const file = join(folder, 'answer');
      await writeFile(file, await recorded(mocks, request));
      await using cached = await startServer([
        fileURLToPath(new URL('baselines/fastify-cached.ts', import.meta.url)),
        file,
        'application/vnd.amazon.eventstream',
      ]);
      for (const server of [mocks, cached]) await loadHttp1(server, request, warmUp);
      const { ratios } = await alternate(turns, ask('leakbed', mocks), ask('fastify', cached));
      yield {
        name: 'against fastify, answer cached',
        unit: '×',
        baseline: 'streams per CPU second of fastify with the same bytes from a cache',
        bar: { atLeast: 0.4 },
        samples: ratios,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    for (const [name, all] of rates) {
      const perSecond = median(all.map((rate) => rate.perSecond)) ?? 0;
      const perCpuSecond = median(all.map((rate) => rate.perCpuSecond)) ?? 0;
      note(`${name}: ${Math.round(perCpuSecond)} per CPU second, ${Math.round(perSecond)}/s`);
    }
  },
};

/** One answer of the fakes, whose events are counted: a bench of half an answer would be fast. */
async function recorded(mocks: ServerProcess, request: Buffer): Promise<Buffer> {
  const [answer] = await rawHttp1(mocks, request.toString('latin1'));
  const { events, rest } = countEventStream(answer?.body ?? Buffer.alloc(0));
  if (answer?.status !== 200 || events !== eventCount || rest !== 0) {
    throw new Error(`Expected ${eventCount} events, got ${events} and status ${answer?.status}.`);
  }
  return answer.body;
}
