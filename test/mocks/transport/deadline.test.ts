// Deadlines: reading the header, and an exchange that closes for its users when the time is up.

import { test } from 'tap';
import type { Clock } from '../../../injectors/determinism.ts';
import {
  type ExpiringExchange,
  grpcTimeoutMs,
  withDeadline,
} from '../../../mocks/transport/deadline.ts';

test('grpc-timeout is read in every unit', async (t) => {
  const rows = { '2H': 7_200_000, '3M': 180_000, '4S': 4000, '5m': 5, '6000u': 6, '7000000n': 7 };
  for (const [header, ms] of Object.entries(rows)) {
    t.ok(Math.abs((grpcTimeoutMs(header) ?? 0) - ms) < 1e-9, header);
  }
  for (const none of [undefined, '', '5', 'm', '123456789m', '-1S', '1.5S']) {
    t.equal(grpcTimeoutMs(none), undefined, String(none));
  }
});

function setUp(timeoutMs: number | undefined) {
  const log: string[] = [];
  const timers: { ms: number; run: () => void; isCancelled: boolean }[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    wallTime: () => new Date(0),
    after(ms, run) {
      const timer = { ms, run, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  };
  let closed = () => {};
  const inner: ExpiringExchange = {
    head: () => void log.push('head'),
    write: () => Boolean(log.push('write')),
    fail: (name) => void log.push(`fail ${name}`),
    finish: ({ kind }) => void log.push(`finish ${kind}`),
    expire: () => void log.push('expire'),
    onDrain: () => undefined,
    onClose(callback) {
      closed = callback;
    },
  };
  const exchange = withDeadline(inner, timeoutMs, clock);
  return { log, timers, exchange, close: () => closed() };
}

test('when the time is up users are told first and can write no more', async (t) => {
  const { log, timers, exchange } = setUp(100);
  exchange.onClose(() => log.push('closed'));
  exchange.head(200, {});
  t.equal(timers[0]?.ms, 100);
  timers[0]?.run();
  exchange.write(Buffer.from('late'));
  exchange.finish({ kind: 'complete' });
  exchange.fail('internal', '');
  exchange.onClose(() => log.push('closed at once'));
  t.same(log, ['head', 'closed', 'expire', 'closed at once']);
});

test('a call that ends in time cancels its timer and closes its users once', async (t) => {
  const { log, timers, exchange, close } = setUp(100);
  exchange.onClose(() => log.push('closed'));
  exchange.finish({ kind: 'complete' });
  close();
  close();
  t.same(log, ['finish complete', 'closed']);
  t.ok(timers[0]?.isCancelled);
});

test('a call without a deadline has no timer', async (t) => {
  const { timers, exchange, log } = setUp(undefined);
  exchange.head(200, {});
  t.same([timers, log], [[], ['head']]);
});
