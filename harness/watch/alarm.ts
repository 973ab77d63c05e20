// Raises one alert for each leak, tells an Alertmanager of it while it lasts, takes it back when it
// is over; before it is sent it is completed by who keeps the memory, where that may be looked for.

import { type Alert, alertOf } from './alert.ts';
import { deliveryQueue } from './delivery-queue.ts';
import { lookInside } from './look-inside.ts';
import { repeatMs } from './receivers.ts';
import type { WatchOptions } from './watch-options.ts';
import type { WatchCounts, WatchStatus } from './watch-status.ts';

export interface Alarm {
  /** To be called whenever the judgement may be another. */
  update(status: WatchStatus): void;
  /** What leaked has ended, or does no longer. */
  resolve(why: string): void;
  settled(): Promise<unknown>;
}

export function createAlarm(options: WatchOptions, counts: WatchCounts): Alarm {
  const { target, receivers, clock, tell } = options;
  const queue = deliveryQueue(counts.deliveries, tell);
  const managers = receivers.filter(({ kind }) => kind === 'alertmanager');
  let sentMs = 0;
  const raise = (alert: Alert) => {
    counts.alertCount += 1;
    counts.alert = alert;
    sentMs = clock.nowMs();
    tell(alert.reason);
    queue.push(async () => {
      const named = { ...alert, ...(await suspectsOf(options, counts)) };
      for (const { name, file, line } of named.suspects) {
        tell(`Suspect: ${name} (${file}:${line}).`);
      }
      for (const warning of named.warnings) tell(warning);
      const { suspects, warnings } = named;
      if (counts.alert?.startsAt === alert.startsAt) {
        counts.alert = { ...counts.alert, suspects, warnings };
      }
      return named;
    }, receivers);
  };
  const repeat = (alert: Alert) => {
    if (clock.nowMs() - sentMs < repeatMs || managers.length === 0) return;
    sentMs = clock.nowMs();
    queue.push(async () => alert, managers);
  };
  const resolve = (why: string) => {
    const { alert } = counts;
    if (alert?.status !== 'firing') return;
    const over = { ...alert, status: 'resolved', endsAt: now(options) } as const;
    counts.alert = over;
    tell(`The alert of ${target.name} is over: ${why}.`);
    queue.push(async () => ({ ...over, suspects: counts.alert?.suspects ?? [] }), receivers);
  };
  return {
    update(status) {
      const { state } = status.judgement;
      const { alert } = counts;
      if (state === 'leaking' && alert?.status === 'firing') repeat(alert);
      else if (state === 'leaking') {
        const made = alertOf(status, target, now(options));
        if (made !== null) raise(made);
      } else if (state !== 'suspicious') resolve('its memory no longer grows');
    },
    resolve,
    settled: queue.settled,
  };
}

const now = ({ clock }: WatchOptions) => clock.wallTime().toISOString();

async function suspectsOf(
  { target, diagnoseMs, clock, signal }: WatchOptions,
  counts: WatchCounts,
): Promise<Pick<Alert, 'suspects' | 'warnings'>> {
  if (diagnoseMs === null) return { suspects: [], warnings: [] };
  try {
    await using subject = await target.open();
    const work = () => counts.work;
    const looked = { forMs: diagnoseMs, work, nowMs: clock.nowMs, signal };
    return { suspects: await lookInside(subject, looked), warnings: [] };
  } catch (error) {
    return { suspects: [], warnings: [error instanceof Error ? error.message : String(error)] };
  }
}
