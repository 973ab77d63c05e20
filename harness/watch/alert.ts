// What an alert says: which process, how fast, since when, until when it lasts, and who keeps the
// memory where that could be found out. Plain JSON, the same for a command and a webhook.

import { redactText } from '../redact.ts';
import { writeBytes } from '../reports/numbers.ts';
import type { RatePerRequest, Suspect } from '../verdict.ts';
import type { Memory, WorkUnit } from './target.ts';
import type { WatchStatus } from './watch-status.ts';

export interface Alert {
  readonly schema: 1;
  readonly status: 'firing' | 'resolved';
  readonly target: string;
  readonly channel: keyof Memory;
  readonly memoryBytes: number;
  readonly limitBytes: number | null;
  /** Of work, by which the growth was told from that of traffic. */
  readonly unit: WorkUnit;
  /** Null where it grows while nothing is done. */
  readonly bytesPerWork: RatePerRequest | null;
  /** At the pace of work of the last minutes. */
  readonly bytesPerHour: RatePerRequest;
  readonly secondsToLimit: RatePerRequest | null;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly reason: string;
  readonly suspects: readonly Suspect[];
  /** What could not be found out, and why. */
  readonly warnings: readonly string[];
}

const unitWords: Readonly<Record<WorkUnit, string>> = {
  requests: 'request',
  cpu_ms: 'ms of CPU time',
  packets: 'packet',
};

/** What is told of a target that leaks now; null where its growth has no figure yet. */
export function alertOf(
  status: WatchStatus,
  { name, unit }: { readonly name: string; readonly unit: WorkUnit },
  startsAt: string,
): Alert | null {
  const { reading, bytesPerHour, bytesPerWork, secondsToLimit, limitBytes } = status;
  if (reading === null || bytesPerHour === null) return null;
  const { channel, memory } = reading;
  const memoryBytes = memory[channel] ?? 0;
  const rates = { unit, bytesPerWork, bytesPerHour, secondsToLimit };
  const figures = { target: name, channel, memoryBytes, limitBytes, ...rates };
  return {
    schema: 1,
    status: 'firing',
    ...figures,
    startsAt,
    endsAt: null,
    reason: redactText(reasonOf(figures)),
    suspects: [],
    warnings: [],
  };
}

function reasonOf(
  alert: Pick<Alert, 'target' | 'channel' | 'unit' | 'bytesPerWork' | 'bytesPerHour'> &
    Pick<Alert, 'secondsToLimit' | 'memoryBytes'>,
): string {
  const rate = alert.bytesPerWork;
  const range =
    rate && `${writeBytes(rate.estimate)} [${writeBytes(rate.low)}, ${writeBytes(rate.high)}]`;
  const byWork = range === null ? '' : `${range} per ${unitWords[alert.unit]}, `;
  const left = alert.secondsToLimit;
  const until = left === null ? '' : ` It reaches its limit in ${writeHours(left.estimate)}.`;
  return (
    `${alert.target} leaks: its ${alert.channel} memory, now ${writeBytes(alert.memoryBytes)}, grows ` +
    `by ${byWork}${writeBytes(alert.bytesPerHour.estimate)} per hour, ` +
    `and does not slow down.${until}`
  );
}

function writeHours(seconds: number): string {
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
