// What the TCP proxy costs: MiB/s through it with a noop toxic beside MiB/s through a plain `pipe`
// between two sockets. Both relays are processes of their own; source and sink are in this one.
// Turns alternate, and each figure is the median of its turns with the spread.
//   node test/bench/tcp-proxy.ts [--turns 7] [--size 512]      exit code 1 below the bar

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median } from '../../harness/stats/median.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { parseAddress } from '../../injectors/tcp/address.ts';
import { startTcpProxyProcess } from '../fixtures/tcp-proxy-process.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '7' },
    size: { type: 'string', default: '512' },
  },
});
const turns = Number(values.turns);
const sizeMiB = Number(values.size);
const chunk = Buffer.alloc(256 * 1024, 'x');
/** Of the plain pipe's rate. */
const bar = 0.5;

const plainRelay = `
  const { connect, createServer } = require('node:net');
  const server = createServer((client) => {
    const upstream = connect(Number(process.argv[1]), '127.0.0.1');
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

process.exitCode = await main();

async function main(): Promise<number> {
  // The source: whoever connects gets so many bytes, as fast as they are taken.
  const source = createServer((socket) => {
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
  });
  await once(source.listen(0, '127.0.0.1'), 'listening');
  const address = source.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const pipe = spawn(process.execPath, ['-e', plainRelay, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pipePort] = await once(createInterface({ input: pipe.stdout }), 'line');
  const upstream = ['--listen', '127.0.0.1:0', '--upstream', `127.0.0.1:${port}`];
  const noop = await startTcpProxyProcess([], [...upstream, '--toxic', 'noop']);
  const late = await startTcpProxyProcess([], [...upstream, '--toxic', 'latency;latency=1']);
  const ports = {
    pipe: Number(pipePort),
    noop: parseAddress(noop.listen).port,
    'latency 1 ms': parseAddress(late.listen).port,
  };
  try {
    return await compare(ports);
  } finally {
    pipe.kill();
    await Promise.all([noop.stop(), late.stop()]);
    source.close();
  }
}

async function compare(ports: Readonly<Record<string, number>>): Promise<number> {
  const rates = new Map(Object.keys(ports).map((name) => [name, [] as number[]]));
  for (const port of Object.values(ports)) await rateThrough(port);
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, port] of Object.entries(ports)) {
      rates.get(name)?.push(await rateThrough(port));
    }
  }
  const middle = (name: string) => median(rates.get(name) ?? []) ?? Number.NaN;
  const plain = middle('pipe');
  for (const [name, all] of rates) {
    const spread = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
    const share = (middle(name) / plain).toFixed(2);
    const line = `${name.padEnd(14)}${middle(name).toFixed(0).padStart(6)} MiB/s (${spread}), ${share}`;
    process.stdout.write(`${line} of a plain pipe\n`);
  }
  const ratio = middle('noop') / plain;
  process.stdout.write(`bar: noop at least ${bar}: ${ratio >= bar ? 'met' : 'missed'}\n`);
  return ratio >= bar ? 0 : 1;
}

/** MiB/s of one connection. */
async function rateThrough(port: number): Promise<number> {
  const startedMs = systemClock.nowMs();
  const socket = connect(port, '127.0.0.1');
  let readBytes = 0;
  socket.on('data', (bytes) => {
    readBytes += bytes.length;
  });
  await once(socket, 'end');
  if (readBytes !== sizeMiB * 1024 ** 2) throw new Error(`Read ${readBytes} bytes.`);
  return sizeMiB / ((systemClock.nowMs() - startedMs) / 1000);
}
