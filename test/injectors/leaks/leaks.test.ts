// Each planted leak and each innocent against a host in small; that the detector convicts and
// acquits them is test/e2e/leak-table.ts's part.

import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import tap, { test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import { findLeak, leaks } from '../../../injectors/leaks/index.ts';
import type { AbandonPolicy, LeakHost, LeakRequest } from '../../../injectors/leaks/leak.ts';

// The timers of one leak would keep this process for a day.
tap.teardown(() => setImmediate(() => process.exit()));

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const KiB = 1024;

function startHost() {
  const shutdown = new AbortController();
  const listeners: ((request: LeakRequest) => void)[] = [];
  let policy: AbandonPolicy = 'cancel';
  let usesOfClient = Infinity;
  let sent = 0;
  const host: LeakHost = {
    shutdownSignal: shutdown.signal,
    onRequest: (listener) => void listeners.push(listener),
    onText: () => undefined,
    setAbandonPolicy(next) {
      policy = next;
    },
    renewClients(everyUses) {
      usesOfClient = everyUses;
    },
  };
  const request = (count: number) => {
    for (const end = sent + count; sent < end; sent++) {
      const asked = { id: `r${sent}`, model: 'm', prompt: `Question ${sent}` };
      for (const listener of listeners) listener(asked);
    }
  };
  return {
    host,
    request,
    policy: () => policy,
    usesOfClient: () => usesOfClient,
    signal: shutdown.signal,
  };
}

/** What is alive, by the names of the metrics. */
async function levels(): Promise<Record<string, number>> {
  // Finalizers run between collections, and dead buffers are swept beside them.
  for (let collections = 0; collections < 3; collections++) {
    collectGarbage();
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    nativeBytes: rss,
    handleCount: process.getActiveResourcesInfo().length,
    fdCount: readdirSync('/proc/self/fd').length,
  };
}

/** What a request adds after `warmUp` of them, by metric. */
async function perRequest(name: string, warmUp: number, count: number) {
  const { host, request } = startHost();
  findLeak(name).plant(host);
  request(warmUp);
  const before = await levels();
  request(count);
  const after = await levels();
  // Keeps the host alive until it was measured.
  request(1);
  return (metric: string) => ((after[metric] ?? 0) - (before[metric] ?? 0)) / count;
}

/** What these forget is the gateway's; they only tell it to. */
const inGateway = new Set(['unread-stream', 'unclosed-client']);

const perRequestOf: Readonly<Record<string, readonly [low: number, high: number]>> = {
  heapBytes: [KiB, 4 * KiB],
  externalBytes: [4 * KiB, 5 * KiB],
  // Resident memory, which also holds what was freed and not given back.
  nativeBytes: [12 * KiB, 48 * KiB],
  handleCount: [1, 1],
};

for (const { kind, name, resource } of leaks) {
  if (kind !== 'leak' || inGateway.has(name)) continue;
  test(`${name}: every request adds to ${resource} as a real leak would`, async (t) => {
    const added = await perRequest(name, 200, 2000);
    const [low, high] = perRequestOf[resource] ?? [0, 0];
    t.ok(
      added(resource) >= low && added(resource) <= high,
      `${added(resource)} is in ${low}–${high}`,
    );
  });
}

/** Requests until it is full, and then to measure; those that fill little are slow. */
const fillRequests: Readonly<Record<string, readonly [fill: number, more: number]>> = {
  'big-transient': [200, 100],
  fragmentation: [700, 300],
  'eager-collection': [20, 20],
};

for (const { kind, name } of leaks) {
  if (kind !== 'innocent' || name === 'slow-release') continue;
  const [warmUp, count] = fillRequests[name] ?? [3000, 1000];
  test(`${name}: after ${warmUp} requests nothing is added for good`, async (t) => {
    const added = await perRequest(name, warmUp, count);
    t.ok(added('heapBytes') < 64, `heap: ${added('heapBytes')}`);
    t.ok(added('externalBytes') < 64, `external: ${added('externalBytes')}`);
    t.equal(added('fdCount'), 0, 'descriptors');
    t.equal(added('handleCount'), 0, 'handles');
  });
}

test('slow-release keeps the state of a request, and does not keep the process alive', async (t) => {
  const added = await perRequest('slow-release', 200, 2000);
  t.ok(added('heapBytes') > KiB, `${added('heapBytes')}`);
  t.equal(added('handleCount'), 0);
});

test('pool-growth opens descriptors up to its size', async (t) => {
  const { host, request } = startHost();
  findLeak('pool-growth').plant(host);
  const before = (await levels()).fdCount ?? 0;
  request(300);
  t.equal(((await levels()).fdCount ?? 0) - before, 4);
});

test('the listener leak adds one listener to the shared signal with every request', async (t) => {
  const { host, request, signal } = startHost();
  findLeak('listener').plant(host);
  request(5);
  t.equal(getEventListeners(signal, 'abort').length, 5);
});

test('only unread-stream leaves abandoned streams alone, only unclosed-client renews', async (t) => {
  for (const leak of leaks) {
    const { host, policy, usesOfClient } = startHost();
    leak.plant(host);
    t.equal(Number.isFinite(usesOfClient()), leak.name === 'unclosed-client', leak.name);
    t.equal(policy(), leak.name === 'unread-stream' ? 'leave' : 'cancel', leak.name);
  }
});

test('a leak that does not exist is refused with those that do', async (t) => {
  t.throws(() => findLeak('nope'), /Known: unread-stream, listener, unbounded-map/);
});
