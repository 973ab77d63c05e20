// What --metrics-port and --otlp open, and when it ends: a run that was scraped waits to be scraped
// once more, one that nobody asked does not, and Ctrl-C ends the wait.

import { type Test, test } from 'tap';
import { type ObserverFlags, openObservers } from '../../../harness/cli/open-observers.ts';
import { silent } from '../../../harness/progress.ts';
import { otlpReceiver } from '../../fixtures/otlp-receiver.ts';

async function opened(t: Test, flags: ObserverFlags) {
  const said: string[] = [];
  const stop = new AbortController();
  const progress = { ...silent, end: (text: string) => void said.push(text) };
  const observers = await openObservers(flags, stop.signal, progress);
  let isOver = false;
  const close = async () => {
    await observers[Symbol.asyncDispose]();
    isOver = true;
  };
  t.teardown(() => {
    stop.abort();
    return observers[Symbol.asyncDispose]();
  });
  const url = /http:\S+/.exec(said[0] ?? '')?.[0] ?? '';
  return { observers, url, said, stop, close, isOver: () => isOver };
}

const page = { metricsPort: { host: '127.0.0.1', port: 0 } };

test('without either flag nobody is told and nothing is opened', async (t) => {
  const { observers, said, close } = await opened(t, {});
  await close();
  t.same(observers.all, []);
  t.same(said, []);
});

test('a page that nobody read is closed at once', async (t) => {
  const { url, close, said } = await opened(t, page);
  await close();
  t.equal(said.length, 1, 'where it was');
  await t.rejects(fetch(url));
});

test('a page that was read stays until it is read once more', async (t) => {
  const { url, close, said, isOver } = await opened(t, page);
  await (await fetch(url)).text();
  const closing = close();
  t.match(said[1], /until the verdict is scraped/);
  t.equal(isOver(), false);
  await (await fetch(url)).text();
  await closing;
  await t.rejects(fetch(url));
});

test('Ctrl-C ends the wait for a reader', async (t) => {
  const { url, close, stop } = await opened(t, page);
  await (await fetch(url)).text();
  const closing = close();
  stop.abort();
  await closing;
  await t.rejects(fetch(url));
});

test('a collector has the whole trace when the run is over', async (t) => {
  const receiver = await otlpReceiver(t);
  const { close, said } = await opened(t, { otlp: receiver.url });
  await close();
  t.same(
    receiver.spans.map(({ name }) => name),
    ['leakbed run'],
  );
  t.match(said[0], `${receiver.spans[0]?.traceId}`);
});
