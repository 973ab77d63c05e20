// What one replica of the fakes serves: whole streams per second of a core, and how many slow
// streams, one event a second each, it holds at which memory and share of a core. The figures
// are those of harness/kubernetes/README.md.
//   node test/bench/replica.ts [slow streams, 4000]

import type { Socket } from 'node:net';
import { sleep, systemClock } from '../../injectors/determinism.ts';
import { bedrockPath, converseBody, http1Request, openSocket } from '../fixtures/raw-clients.ts';
import { loadHttp1 } from './speed/http1-load.ts';
import { startMocksServer } from './speed/server-process.ts';

const path = bedrockPath('converse-stream');
const request = (words: string) => http1Request(path, converseBody(`[[leakbed ${words}]]`));
const tell = (line: string) => process.stdout.write(`${line}\n`);

async function wholeStreams(): Promise<void> {
  await using server = await startMocksServer();
  const asked = Buffer.from(request('chunks=40'));
  await loadHttp1(server, asked, { connections: 16, durationMs: 2_000 });
  const rate = await loadHttp1(server, asked, { connections: 16, durationMs: 8_000 });
  const memory = (server.rssBytes() / 1024 ** 2).toFixed(0);
  tell(`streams of 40 events: ${rate.perCpuSecond.toFixed(0)} per second of a core, ${memory} MiB`);
}

async function slowStreams(count: number): Promise<void> {
  await using server = await startMocksServer();
  const idleBytes = server.rssBytes();
  let chunks = 0;
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = await openSocket(server);
    socket.on('data', () => {
      chunks += 1;
    });
    socket.write(request('chunks=3600 gap=1s'));
    sockets.push(socket);
  }
  await sleep(5_000);
  const [startedMs, startedCpuMs, startedChunks] = [systemClock.nowMs(), server.cpuMs(), chunks];
  await sleep(15_000);
  const elapsedMs = systemClock.nowMs() - startedMs;
  const share = ((server.cpuMs() - startedCpuMs) / elapsedMs) * 100;
  const perStream = (chunks - startedChunks) / (elapsedMs / 1000) / count;
  const kib = (server.rssBytes() - idleBytes) / 1024 / count;
  for (const socket of sockets) socket.destroy();
  tell(
    `${count} slow streams: ${perStream.toFixed(2)} events a second each, ` +
      `${kib.toFixed(1)} KiB each, ${share.toFixed(0)} % of a core`,
  );
}

await wholeStreams();
await slowStreams(Number(process.argv[2] ?? 4_000));
