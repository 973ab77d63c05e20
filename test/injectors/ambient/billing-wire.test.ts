// The stall on the wire, between a real client and a real server, whatever they speak.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { type Test, test } from 'tap';
import { createWireStall } from '../../../injectors/ambient/billing-wire.ts';
import { seededRng, systemClock, within } from '../../../injectors/determinism.ts';
import { createProxy } from '../../../injectors/tcp/proxy.ts';

/** A sink that acknowledges each line it gets, behind a proxy with a stall. */
async function startStalledSink(t: Test) {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const line of `${data}`.split('\n').filter(Boolean)) {
        taken.push(line);
        socket.write('ok '.repeat(20));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { clock: systemClock, rng: seededRng(1) };
  const proxy = createProxy('sink', { listen: '', upstream }, options);
  await proxy.setEnabled(true);
  t.teardown(async () => {
    await proxy.setEnabled(false);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { taken, stall: createWireStall(proxy, systemClock), port: () => portOf(proxy.listen) };
}

const portOf = (address: string) => Number(address.split(':').at(-1));

async function dial(t: Test, port: number) {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  let acknowledged = 0;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const waiters: (() => void)[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    acknowledged += `${data}`.split('ok ').length - 1;
    for (const wake of waiters.splice(0)) wake();
  });
  return {
    closed: () => within(5000, 'The connection stays open.', closed),
    send: (line: string) => void socket.write(`${line}\n`),
    async acknowledgements(count: number) {
      while (acknowledged < count * 20) {
        const next = new Promise<void>((resolve) => waiters.push(resolve));
        await within(5000, `Only ${acknowledged} bytes of answers.`, next);
      }
    },
  };
}

test('a stuck wire holds what is sent and gives it on when healed', async (t) => {
  const { taken, stall, port } = await startStalledSink(t);
  const client = await dial(t, port());
  client.send('a');
  await client.acknowledgements(1);
  await stall.set({ mode: 'stuck', delayMs: 0, nth: 1 });
  client.send('b');
  const later = await dial(t, port());
  later.send('c');
  await t.rejects(within(100, 'nothing came', client.acknowledgements(2)), /nothing came/);
  t.same(taken, ['a'], 'nothing reaches the sink');
  await stall.set({ mode: 'pass', delayMs: 0, nth: 1 });
  await Promise.all([client.acknowledgements(2), later.acknowledgements(1)]);
  t.same([...taken].sort(), ['a', 'b', 'c'], 'and nothing is lost');
});

test('a failing wire drops its connections and refuses new ones, until healed', async (t) => {
  const { stall, port } = await startStalledSink(t);
  const client = await dial(t, port());
  client.send('a');
  await client.acknowledgements(1);
  await stall.set({ mode: 'error', delayMs: 0, nth: 1 });
  await client.closed();
  const refused = await dial(t, port());
  await refused.closed();
  await stall.set({ mode: 'pass', delayMs: 0, nth: 1 });
  const again = await dial(t, port());
  again.send('b');
  await again.acknowledgements(1);
});

test('a wire that loses acknowledgements has delivered what it cut off', async (t) => {
  const { taken, stall, port } = await startStalledSink(t);
  await stall.set({ mode: 'duplicate-ack', delayMs: 0, nth: 1 });
  const client = await dial(t, port());
  for (let index = 0; index < 40; index += 1) client.send(`event-${index}`);
  await client.closed();
  t.equal(taken.length, 40, 'the sink did all the work');
});

test('a flapping wire goes away and comes back', async (t) => {
  const { stall, port } = await startStalledSink(t);
  await stall.set({ mode: 'flap', delayMs: 30, nth: 1 });
  const refused = await dial(t, port());
  await refused.closed();
  const come = async () => {
    for (;;) {
      const client = await dial(t, port());
      client.send('a');
      const isServed = await Promise.race([
        client.acknowledgements(1).then(() => true),
        client.closed().then(() => false),
      ]).catch(() => false);
      if (isServed) return;
    }
  };
  await within(5000, 'It never comes back.', come());
  await stall.set({ mode: 'pass', delayMs: 0, nth: 1 });
});
