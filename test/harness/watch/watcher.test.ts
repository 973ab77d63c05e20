import { readFileSync } from 'node:fs';
import { test } from 'tap';
import type { Alert } from '../../../harness/watch/alert.ts';
import type { Receiver, ReceiverKind } from '../../../harness/watch/receivers.ts';
import type { Target, TargetReading } from '../../../harness/watch/target.ts';
import { watchRegistry } from '../../../harness/watch/watch-metrics.ts';
import type { WatchOptions } from '../../../harness/watch/watch-options.ts';
import { startWatch, type Watcher } from '../../../harness/watch/watcher.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

const MiB = 1024 ** 2;
const stepMs = 20_000;
const pace = 100;

type Moment = { readonly bytes: number; readonly life: string; readonly work: number } | 'away';

interface Watched {
  readonly watcher: Watcher;
  readonly alerts: readonly { readonly to: ReceiverKind; readonly alert: Alert }[];
  readonly lines: readonly string[];
}

/** The whole watcher on a target of the test, one reading every 20 s of a clock that jumps. */
async function watch(
  minutes: number,
  at: (minute: number) => Moment,
  more: Partial<WatchOptions> = {},
): Promise<Watched> {
  const clock = createFakeClock();
  const startMs = clock.nowMs();
  const stop = new AbortController();
  const alerts: { to: ReceiverKind; alert: Alert }[] = [];
  const lines: string[] = [];
  const receiver = (kind: ReceiverKind): Receiver => ({
    kind,
    where: kind,
    deliver: async (alert) => void alerts.push({ to: kind, alert }),
  });
  const target: Target = {
    name: 'gateway',
    unit: 'requests',
    async read(): Promise<TargetReading> {
      clock.jump(stepMs);
      const minute = (clock.nowMs() - startMs) / 60_000;
      if (minute >= minutes) stop.abort();
      const moment = at(minute);
      if (moment === 'away') throw new Error('Cannot read the target: it is away.');
      const { bytes, ...rest } = moment;
      return { ...rest, memory: { anon: bytes, rss: bytes }, channel: 'anon' };
    },
    limitBytes: () => null,
    open: () => Promise.reject(new Error('Cannot look into gateway: it is none.')),
    [Symbol.asyncDispose]: async () => {},
  };
  const watcher = startWatch({
    target,
    receivers: [receiver('webhook'), receiver('alertmanager')],
    rules: {},
    everyMs: 0,
    limitBytes: 1024 * MiB,
    diagnoseMs: null,
    clock,
    signal: stop.signal,
    tell: (line) => void lines.push(line),
    ...more,
  });
  await watcher.done;
  return { watcher, alerts, lines };
}

const leaking = (minute: number) => ({
  bytes: 100 * MiB + minute * 4 * MiB,
  life: 'one',
  work: minute * 60 * pace,
});
const steady = (minute: number) => ({ ...leaking(minute), bytes: 100 * MiB });

test('a leak is told once, with rates and the time to the limit, and then while it lasts', async (t) => {
  const { alerts, watcher } = await watch(45, leaking);
  const hooked = alerts.filter(({ to }) => to === 'webhook');
  t.equal(hooked.length, 1);
  const { bytesPerWork, bytesPerHour, secondsToLimit, status } = hooked[0]?.alert ?? {};
  t.equal(status, 'firing');
  const perRequest = (4 * MiB) / (60 * pace);
  t.ok(Math.abs((bytesPerWork?.estimate ?? 0) / perRequest - 1) < 0.01);
  t.ok(Math.abs((bytesPerHour?.estimate ?? 0) / (240 * MiB) - 1) < 0.01);
  // 200 MiB are there by then, and 1 GiB is reached 4 MiB a minute later.
  t.ok((secondsToLimit?.estimate ?? 0) > 11_000 && (secondsToLimit?.estimate ?? 0) < 13_000);
  t.ok(alerts.filter(({ to }) => to === 'alertmanager').length > 10, 'told every minute');
  t.equal(watcher.status.alertCount, 1);
});

test('what does not grow is not told of', async (t) => {
  const { alerts, watcher } = await watch(90, steady);
  t.strictSame(alerts, []);
  t.equal(watcher.status.judgement.state, 'ok');
});

test('a restart ends the alert, and the next life is learnt anew', async (t) => {
  const { alerts, watcher, lines } = await watch(120, (minute) =>
    minute < 50 ? leaking(minute) : { ...steady(minute - 50), life: 'two' },
  );
  const hooked = alerts.filter(({ to }) => to === 'webhook').map(({ alert }) => alert.status);
  t.strictSame(hooked, ['firing', 'resolved']);
  t.equal(watcher.status.restarts, 1);
  t.ok(Math.abs(watcher.status.work - 120 * 60 * pace) < 4 * stepMs, `${watcher.status.work}`);
  t.match(lines.join('\n'), /began anew \(1\)/);
});

test('a counter that begins at zero is a restart, whatever the page calls its life', async (t) => {
  const { watcher } = await watch(20, (minute) => steady(minute < 10 ? minute : minute - 10));
  t.equal(watcher.status.restarts, 1);
});

test('a target that is away is waited for, and told of once', async (t) => {
  const { watcher, lines } = await watch(60, (minute) =>
    minute > 10 && minute < 20 ? 'away' : steady(minute),
  );
  t.equal(lines.filter((line) => line.includes('is away')).length, 1);
  t.equal(lines.filter((line) => line.includes('is back')).length, 1);
  t.ok(watcher.status.isUp);
  t.equal(watcher.status.readings.failed, 29);
});

test('where a diagnosis cannot be had, the alert says why and is sent', async (t) => {
  const { alerts } = await watch(45, leaking, { diagnoseMs: 10 });
  t.strictSame(alerts[0]?.alert.warnings, ['Cannot look into gateway: it is none.']);
});

test('the metrics page has every metric of the README while it leaks, and no other', async (t) => {
  const { watcher } = await watch(45, leaking);
  const target = { name: 'gateway', unit: 'requests' } as const;
  const page = await watchRegistry(target, () => watcher.status).metrics();
  const readme = readFileSync(new URL('../../../harness/watch/README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/^\| `(leakbed_watch_\w+)`/gm)].map((match) => match[1]);
  const told = [...page.matchAll(/^(leakbed_watch_\w+)\{/gm)].map((match) => match[1]);
  t.strictSame([...new Set(told)].sort(), named.toSorted());
  t.match(page, /leakbed_watch_state\{target="gateway",state="leaking"\} 1/);
  t.match(
    page,
    /leakbed_watch_deliveries_total\{target="gateway",receiver="webhook",outcome="ok"\} 1/,
  );
  t.match(page, /leakbed_watch_seconds_to_limit\{target="gateway",bound="low"\} \d/);
});
