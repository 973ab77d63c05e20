// What the TCP proxy costs: MiB that it passes on per second on a core, beside a plain `pipe`
// between two sockets, and ten thousand connections at once. Source and sink are in this process.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median } from '../../../harness/stats/median.ts';
import { systemClock, within } from '../../../injectors/determinism.ts';
import { parseAddress } from '../../../injectors/tcp/address.ts';
import { alternate } from './alternate.ts';
import type { Bench, Figure } from './bench.ts';
import { type ServerProcess, startLeakbed, startServer } from './server-process.ts';

const chunk = Buffer.alloc(256 * 1024, 'x');
const patienceMs = 60_000;
const toxics = { noop: 'noop', latency: 'latency;latency=1' } as const;

export const tcpProxy: Bench = {
  name: 'tcp-proxy',
  what: 'the TCP proxy beside a plain pipe, MiB per CPU second; 10,000 connections',
  isQuick: true,
  async *run({ scale, note }) {
    const turns = scale === 'quick' ? 3 : 9;
    const sizeMiB = scale === 'quick' ? 256 : 1024;
    const source = await listening(createServer((socket) => pour(socket, sizeMiB)));
    await using pipe = await startServer([
      fileURLToPath(new URL('baselines/plain-pipe.ts', import.meta.url)),
      String(source.port),
    ]);
    const plain = { server: pipe, port: pipe.port };
    for (const [name, words] of Object.entries(toxics)) {
      await using proxy = await startProxy(source.port, words);
      const through = (relay: Relay) => () => mebibytesPerCpuSecond(relay, sizeMiB);
      const { ratios, subject, baseline } = await alternate(turns, through(proxy), through(plain));
      const bar = { atLeast: name === 'noop' ? 0.5 : 0.4 };
      yield { name: `toxic ${name}`, unit: '×', baseline: 'a plain pipe', bar, samples: ratios };
      const rate = (samples: readonly number[]) => Math.round(median(samples) ?? 0);
      note(`${rate(subject)} MiB per CPU second, a plain pipe ${rate(baseline)}`);
    }
    source.server.close();
    yield await manyConnections(scale === 'quick' ? 2_000 : 10_000, note);
  },
};

interface Relay {
  readonly server: ServerProcess;
  readonly port: number;
}

async function startProxy(upstreamPort: number, toxic: string) {
  const server = await startLeakbed([
    ...['proxy', '--port', '0', '--seed', '1', '--json'],
    ...['--listen', '127.0.0.1:0', '--upstream', `127.0.0.1:${upstreamPort}`, '--toxic', toxic],
  ]);
  const all = await (await fetch(`${server.url}/proxies`)).json();
  const [proxy] = Object.values(all as Record<string, { listen: string }>);
  if (proxy === undefined) throw new Error('The proxy has no proxy.');
  const { port } = parseAddress(proxy.listen);
  return { server, port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Whoever connects gets so many bytes, as fast as they are taken. */
function pour(socket: Socket, sizeMiB: number): void {
  let left = (sizeMiB * 1024 ** 2) / chunk.length;
  const fill = () => {
    while (left > 0) {
      left -= 1;
      if (!socket.write(chunk)) return;
    }
    socket.end();
  };
  socket.on('drain', fill).on('error', () => undefined);
  fill();
}

async function listening(server: Server): Promise<{ server: Server; port: number }> {
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Of one connection, whose bytes are counted. */
async function mebibytesPerCpuSecond({ server, port }: Relay, sizeMiB: number): Promise<number> {
  const startedCpuMs = server.cpuMs();
  let readBytes = 0;
  const onread = {
    buffer: Buffer.alloc(1024 ** 2),
    callback: (length: number) => {
      readBytes += length;
      return true;
    },
  };
  const socket = connect({ port, host: '127.0.0.1', onread });
  await within(patienceMs, 'The relay has not passed everything on.', once(socket, 'end'));
  if (readBytes !== sizeMiB * 1024 ** 2) throw new Error(`Read ${readBytes} bytes.`);
  return sizeMiB / ((server.cpuMs() - startedCpuMs) / 1000);
}

/** Each is two descriptors in the proxy, and two here. */
async function manyConnections(wanted: number, note: (text: string) => void): Promise<Figure> {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const limit = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(limits)?.[1] ?? 1024);
  const count = Math.min(wanted, Math.floor((limit - 100) / 2));
  if (count < wanted) note(`${limit} descriptors allow ${count} connections of ${wanted}`);
  const echo = await listening(createServer((socket) => void socket.pipe(socket)));
  await using proxy = await startProxy(echo.port, toxics.noop);
  const open: Socket[] = [];
  const startedMs = systemClock.nowMs();
  let answered = 0;
  try {
    const lane = async () => {
      while (open.length < count) {
        const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
        open.push(socket);
        socket.write('hello');
        const asked = within(patienceMs, 'A connection is not answered.', once(socket, 'data'));
        const [answer] = await asked.catch(() => ['']);
        if (String(answer) === 'hello') answered += 1;
      }
    };
    await Promise.all(Array.from({ length: 64 }, lane));
    const stillOpen = open.filter((socket) => socket.readyState === 'open').length;
    const seconds = (systemClock.nowMs() - startedMs) / 1000;
    const rssMiB = Math.round(proxy.server.rssBytes() / 1024 ** 2);
    note(`${count} connections in ${seconds.toFixed(1)} s, ${rssMiB} MiB resident`);
    return {
      name: `${count} connections at once that are answered`,
      unit: '×',
      baseline: 'those opened',
      bar: { atLeast: 1 },
      samples: [Math.min(answered, stillOpen) / count],
    };
  } finally {
    for (const socket of open) socket.destroy();
    echo.server.close();
  }
}
