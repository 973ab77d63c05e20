// Each planted leak against a host in small; that the detector convicts them is the gallery's part.

import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'tap';
import { findLeak, leaks } from '../../../injectors/leaks/index.ts';
import type { AbandonPolicy, LeakHost, LeakRequest } from '../../../injectors/leaks/leak.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function startHost() {
  const shutdown = new AbortController();
  const listeners: ((request: LeakRequest) => void)[] = [];
  let policy: AbandonPolicy = 'cancel';
  const host: LeakHost = {
    shutdownSignal: shutdown.signal,
    onRequest: (listener) => void listeners.push(listener),
    setAbandonPolicy(next) {
      policy = next;
    },
  };
  const request = (id: string) => {
    for (const listener of listeners) listener({ id, model: 'm', prompt: `prompt of ${id}` });
  };
  return { host, request, policy: () => policy, signal: shutdown.signal };
}

test('the listener leak adds one listener to the shared signal with every request', async (t) => {
  const { host, request, signal } = startHost();
  findLeak('listener').plant(host);
  for (let index = 0; index < 5; index++) request(`r${index}`);
  t.equal(getEventListeners(signal, 'abort').length, 5);
});

test('only the unread-stream leak leaves abandoned streams alone', async (t) => {
  for (const leak of leaks) {
    const { host, policy } = startHost();
    leak.plant(host);
    t.equal(policy(), leak.name === 'unread-stream' ? 'leave' : 'cancel', leak.name);
  }
});

test('the unbounded map retains one to four KiB with every request', async (t) => {
  const { host, request } = startHost();
  findLeak('unbounded-map').plant(host);
  const requestCount = 4000;
  const heapBytes = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  request('warm-up');
  const before = heapBytes();
  for (let index = 0; index < requestCount; index++) request(`r${index}`);
  const retained = (heapBytes() - before) / requestCount;
  request('keeps the host alive until it was measured');
  t.ok(retained > 1024 && retained < 4096, `${Math.round(retained)} bytes`);
});

test('a leak that does not exist is refused with those that do', async (t) => {
  t.throws(() => findLeak('nope'), /Known: unread-stream, listener, unbounded-map/);
});
