// Ten thousand connections at once through the proxy in a process of its own (fewer where the
// limit of open files is below 20,100): every byte comes through, and after the last one is closed
// nothing is left, in sockets or memory.
//   node test/injectors/tcp/many.slow.ts [--count 10000]

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { t as root, type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import { parseAddress } from '../../../injectors/tcp/address.ts';
import { nextOf } from '../../fixtures/tcp-pair.ts';
import { startTcpProxyProcess } from '../../fixtures/tcp-proxy-process.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '10000' } } });
/** Each is two descriptors in the proxy, and two here. */
const limit = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
const count = Math.min(Number(values.count), Math.floor((Number(limit ?? 1024) - 100) / 2));
const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
/** V8's code and caches, the table of descriptors. */
const spareHeapBytes = 2 * 1024 ** 2;
/** Per connection: two sockets, their streams, a link each way. */
const mostBytesEach = 24 * 1024;

root.setTimeout(300_000);
test(`${count} connections at once, twice over`, { timeout: 300_000 }, async (t) => {
  const upstream = await startEcho(t);
  const words = ['--listen', '127.0.0.1:0', '--upstream', upstream, '--toxic', 'noop'];
  const proxy = await startTcpProxyProcess([], [...words, '--toxic', 'latency;latency=1']);
  t.teardown(() => proxy.stop());
  const fdsAtRest = proxy.fdCount();
  const address = parseAddress(proxy.listen);
  await round(address, count);
  await untilNone(proxy.inFlightCount);
  const before = { heapBytes: await proxy.heapBytes(), rssBytes: proxy.rssBytes() };
  t.comment(`after one round: live heap ${mebibytes(before.heapBytes)}`);

  const atPeak = await round(address, count, async () => ({
    openCount: await proxy.inFlightCount(),
    heapBytes: await proxy.heapBytes(),
    rssBytes: proxy.rssBytes(),
  }));
  t.equal(atPeak?.openCount, count);
  const eachBytes = ((atPeak?.heapBytes ?? 0) - before.heapBytes) / count;
  t.comment(`open: RSS ${mebibytes(atPeak?.rssBytes ?? 0)}, live heap each ${eachBytes | 0} B`);
  t.ok(eachBytes < mostBytesEach, `${eachBytes | 0} bytes of heap for a connection`);

  await untilNone(proxy.inFlightCount);
  const grownBytes = (await proxy.heapBytes()) - before.heapBytes;
  t.ok(grownBytes < spareHeapBytes, `${grownBytes} bytes of heap more than after one round`);
  t.ok(proxy.fdCount() <= fdsAtRest + 3, `${proxy.fdCount()} descriptors, ${fdsAtRest} before`);
});

/** Opens all, asks each, looks, and closes all. */
async function round<T>(
  address: { readonly host: string; readonly port: number },
  sockets: number,
  look?: () => Promise<T>,
): Promise<T | undefined> {
  const open: Socket[] = [];
  const lane = async () => {
    while (open.length < sockets) {
      const socket = connect(address);
      open.push(socket);
      await once(socket, 'connect');
      socket.write(`hello ${open.length}`);
      const answer = await nextOf(socket);
      if (!answer.startsWith('hello ')) throw new Error(`Answered ${answer}.`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  const seen = await look?.();
  const closed = open.map((socket) => once(socket.end(), 'close'));
  await Promise.all(closed);
  return seen;
}

async function startEcho(t: Test): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

async function untilNone(countOf: () => Promise<number>): Promise<void> {
  for (let turn = 0; turn < 200 && (await countOf()) > 0; turn++) await sleep(50);
}
