// The hook on a BullMQ worker, whose processor no module exports, with a real Redis 7 behind it:
// zero-touch, other queues undisturbed, nothing lost; the same worker stalled on the wire; and
// Redis stopped under load for OUTAGE_SECONDS, 4 unless given, and started again.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { createWireStall } from '../../../injectors/ambient/billing-wire.ts';
import { seededRng, sleep, systemClock, within } from '../../../injectors/determinism.ts';
import { createProxy } from '../../../injectors/tcp/proxy.ts';
import { startMocks } from '../../../mocks/server.ts';
import { install } from '../../conformance/clients/install.ts';
import { findRedis, startRedis } from '../../fixtures/redis.ts';

const here = (path: string) => new URL(path, import.meta.url);
const hook = fileURLToPath(here('../../../injectors/ambient/billing-hook.ts'));
const gatewayFile = fileURLToPath(here('../../fixtures/billing/bullmq-gateway.mjs'));
const redisProgram = await findRedis();
// Without a lock: one would name builds of an optional package for every machine there is, and a
// registry that lacks one of them would be none.
const installed = await install({
  name: 'bullmq',
  locks: [here('../../fixtures/billing/bullmq/package.json')],
  commands: () => [
    ['npm', 'install', '--ignore-scripts', '--omit=optional', '--no-package-lock', '--no-audit'],
  ],
  program: () => process.execPath,
});
const skip = ('reason' in redisProgram && redisProgram.reason) || (installed.reason ?? false);

async function setUp(t: Test) {
  if ('reason' in redisProgram || installed.reason !== undefined) throw new Error('unreachable');
  const folder = t.testdir();
  let redis = await startRedis(redisProgram, { folder });
  t.teardown(() => redis.stop());
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const options = { clock: systemClock, rng: seededRng(1) };
  const upstream = `127.0.0.1:${redis.port}`;
  const proxy = createProxy('redis', { listen: '', upstream }, options);
  await proxy.setEnabled(true);
  t.teardown(() => proxy.setEnabled(false));
  const args = ['--import', hook, gatewayFile, installed.folder, `redis://${proxy.listen}`];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LEAKBED_BILLING_HOOK: 'bullmq:billing', LEAKBED_CONTROL: mocks.url },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const saw = async (count: number, prefix: string, limitMs = 20_000) => {
    const seen = () => lines.filter((line) => line.startsWith(prefix)).length;
    const wait = async () => {
      while (seen() < count) await sleep(10);
    };
    await within(limitMs, `Only ${seen()} of ${count} lines "${prefix}".`, wait());
  };
  await saw(1, 'ready');
  const billing = mocks.switches['billing-stall'];
  const stall = async (mode: string, delayMs = 0, nth = 1) => {
    const { version } = billing.set(mode, delayMs, nth);
    const followed = async () => {
      while ((billing.seen?.version ?? 0) < version) await sleep(10);
    };
    await within(5_000, 'Nobody follows.', followed());
  };
  const bill = (name: string, id: string) => void child.stdin.write(`${name} ${id}\n`);
  const outage = async (ms: number) => {
    const { port } = redis;
    await redis.stop();
    await sleep(ms);
    redis = await startRedis(redisProgram, { folder, port });
  };
  return { lines, saw, stall, bill, outage, wire: createWireStall(proxy, systemClock) };
}

test('a BullMQ worker is stalled from outside and loses nothing', { skip }, async (t) => {
  const { lines, saw, stall, bill } = await setUp(t);
  await stall('stuck');
  for (let index = 0; index < 20; index += 1) bill('billing', `r${index}`);
  bill('other', 'x');
  await saw(1, 'other x');
  t.equal(lines.filter((line) => line.startsWith('billing')).length, 0, 'every job is held');
  await stall('error');
  await sleep(100);
  t.equal(lines.filter((line) => line.startsWith('billing')).length, 0, 'then every job fails');
  await stall('pass');
  await saw(20, 'billing');
  t.equal(new Set(lines.filter((line) => line.startsWith('billing'))).size, 20, 'each once');
});

test('a lost acknowledgement bills a BullMQ job twice', { skip }, async (t) => {
  const { lines, saw, stall, bill } = await setUp(t);
  await stall('duplicate-ack', 0, 1);
  bill('billing', 'r0');
  await saw(2, 'billing r0');
  t.equal(lines.filter((line) => line === 'billing r0').length, 2);
});

test('Redis held on the wire stops the worker, and all is billed when it is healed', {
  skip,
}, async (t) => {
  const { lines, saw, bill, wire } = await setUp(t);
  bill('billing', 'before');
  await saw(1, 'billing before');
  await wire.set({ mode: 'stuck', delayMs: 0, nth: 1 });
  for (let index = 0; index < 5; index += 1) bill('billing', `r${index}`);
  await sleep(300);
  t.equal(lines.filter((line) => line.startsWith('billing r')).length, 0);
  await wire.set({ mode: 'pass', delayMs: 0, nth: 1 });
  await saw(5, 'billing r');
});

const outageMs = Number(process.env.OUTAGE_SECONDS ?? 4) * 1000;

test('Redis stopped under load and started again loses no event', {
  skip,
  timeout: outageMs + 60_000,
}, async (t) => {
  const { lines, saw, bill, outage } = await setUp(t);
  let count = 0;
  let isOver = false;
  const load = (async () => {
    while (!isOver) {
      bill('billing', `r${count++}`);
      await sleep(20);
    }
  })();
  await saw(20, 'billing');
  await outage(outageMs);
  await sleep(500);
  isOver = true;
  await load;
  // BullMQ tries to connect again every 20 s in the end.
  await saw(count, 'billing', 50_000);
  const billed = lines.filter((line) => line.startsWith('billing'));
  t.equal(new Set(billed).size, count, `${count} events asked for, each of them billed`);
  t.comment(`${billed.length - count} of ${count} billed twice over an outage of ${outageMs} ms`);
});
