// Whole streams of ConverseStream: 105 events of generated content, no pause, HTTP/1.1. The request
// is the AWS SDK's own. Judged are streams per second that a server's threads spent on a core.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../../../harness/stats/median.ts';
import { bedrockPath, countEventStream, rawHttp1 } from '../../fixtures/raw-clients.ts';
import { alternate } from './alternate.ts';
import type { Bench, Figure, Skipped } from './bench.ts';
import { converseRequest } from './converse-request.ts';
import { loadHttp1, type Rate } from './http1-load.ts';
import { installPeers, type Peer, startAimock, startMockttp, startNginxPeer } from './peers.ts';
import { type ServerProcess, startMocksServer, startServer } from './server-process.ts';

/** With start, block stop, message stop and metadata: 105 events. */
const words = 'chunks=101 bytes=24';
const eventCount = 105;
const type = 'application/vnd.amazon.eventstream';
/** What V8 needs to compile all of a request's path; until then a third of the time is its. */
const warmUp = { connections: 16, durationMs: 6000 };

interface Other {
  readonly name: string;
  /** What is asked of the ratio; the fastest of servers is there for comparison only. */
  readonly atLeast: number;
  start(): Promise<Peer>;
}

export const converseStreams: Bench = {
  name: 'converse-streams',
  what: `ConverseStream of ${eventCount} events, streams per CPU second`,
  isQuick: false,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 9;
    const load = { connections: 16, durationMs: scale === 'quick' ? 700 : 1500 };
    const folder = await mkdtemp(join(tmpdir(), 'leakbed-bench-'));
    await using mocks = await startMocksServer();
    const request = await converseRequest(words);
    await loadHttp1(mocks, request, warmUp);
    try {
      // Where nginx looks for it, too.
      const file = join(folder, 'files', decodeURIComponent(bedrockPath('converse-stream')));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, await recorded(mocks, request));
      for (const other of await others(folder, file)) {
        const rates: Record<'own' | 'other', Rate[]> = { own: [], other: [] };
        yield await against(other, async (server) => {
          const ask = (name: keyof typeof rates, asked: ServerProcess) => async () => {
            const rate = await loadHttp1(asked, request, load);
            rates[name].push(rate);
            return rate.perCpuSecond;
          };
          await loadHttp1(server, request, warmUp);
          return (await alternate(turns, ask('own', mocks), ask('other', server))).ratios;
        });
        note(`leakbed ${told(rates.own)}, ${other.name} ${told(rates.other)}`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function others(folder: string, file: string): Promise<readonly Other[]> {
  const installed = await installPeers();
  const cached = fileURLToPath(new URL('baselines/fastify-cached.ts', import.meta.url));
  return [
    {
      name: 'fastify, answer cached',
      atLeast: 0.4,
      start: () => startServer([cached, file, type]),
    },
    { name: 'aimock', atLeast: 10, start: () => startAimock(installed, eventCount - 5, 24) },
    {
      name: 'mockttp, answer cached',
      atLeast: 1,
      start: () => startMockttp(installed, file, type),
    },
    { name: 'nginx, static file', atLeast: 0.02, start: () => startNginxPeer(folder) },
  ];
}

async function against(
  { name, atLeast, start }: Other,
  measure: (server: ServerProcess) => Promise<readonly number[]>,
): Promise<Figure | Skipped> {
  const peer = await start();
  if ('reason' in peer) return { name: `against ${name}`, skipped: peer.reason };
  await using server = peer;
  const samples = await measure(server);
  return { name: `against ${name}`, unit: '×', baseline: name, bar: { atLeast }, samples };
}

function told(rates: readonly Rate[]): string {
  const of = (key: 'perSecond' | 'perCpuSecond') => median(rates.map((rate) => rate[key])) ?? 0;
  return `${Math.round(of('perCpuSecond'))} per CPU second (${Math.round(of('perSecond'))}/s)`;
}

/** One answer of the fakes, whose events are counted: a bench of half an answer would be fast. */
async function recorded(mocks: ServerProcess, request: Buffer): Promise<Buffer> {
  const [answer] = await rawHttp1(mocks, request.toString('latin1'));
  const { events, rest } = countEventStream(answer?.body ?? Buffer.alloc(0));
  if (answer?.status !== 200 || events !== eventCount || rest !== 0) {
    throw new Error(`Expected ${eventCount} events, got ${events} and status ${answer?.status}.`);
  }
  return answer.body;
}
