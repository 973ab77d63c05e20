// How a watch stands: what was counted so far, and what follows from it and the detector's
// judgement. It is what the metrics page, the last line and the alerts are made of.

import type { RatePerRequest } from '../verdict.ts';
import type { Alert } from './alert.ts';
import type { Judgement } from './detector.ts';
import type { ReceiverKind } from './receivers.ts';
import type { TargetReading } from './target.ts';
import type { WatchOptions } from './watch-options.ts';

type Count<Name extends string> = Record<Name, number>;

/** Kept by the watcher, and written by nobody else. */
export interface WatchCounts {
  /** Null before the first reading. */
  isUp: boolean | null;
  reading: TargetReading | null;
  /** Since the watch began, restarts added up. */
  work: number;
  restarts: number;
  readonly readings: Count<'ok' | 'failed'>;
  alertCount: number;
  /** The last one, which may be over. */
  alert: Alert | null;
  readonly deliveries: Record<ReceiverKind, Count<'ok' | 'failed'>>;
}

export interface WatchStatus extends Readonly<WatchCounts> {
  readonly isUp: boolean;
  readonly judgement: Judgement;
  readonly limitBytes: number | null;
  /** Null where nothing grows, or while no work is done. */
  readonly bytesPerWork: RatePerRequest | null;
  readonly bytesPerHour: RatePerRequest | null;
  readonly secondsToLimit: RatePerRequest | null;
}

const none = () => ({ ok: 0, failed: 0 });

export const noCounts = (): WatchCounts => ({
  isUp: null,
  reading: null,
  work: 0,
  restarts: 0,
  readings: none(),
  alertCount: 0,
  alert: null,
  deliveries: { command: none(), webhook: none(), alertmanager: none() },
});

export function statusOf(
  counts: WatchCounts,
  judgement: Judgement,
  options: WatchOptions,
): WatchStatus {
  const { fit, pace } = judgement;
  const { confidence = 0.99 } = options.rules;
  const scaled = (factor: number): RatePerRequest | null => {
    if (fit === null) return null;
    const [estimate, low, high] = [fit.slope * factor, fit.low * factor, fit.high * factor];
    return { estimate, low, high, confidence };
  };
  const isByTime = fit?.isByTime === true;
  const bytesPerHour = scaled(isByTime ? 3_600_000 : pace * 3600);
  const limitBytes = options.limitBytes ?? options.target.limitBytes();
  const { cgroup, rss = 0 } = counts.reading?.memory ?? {};
  return {
    ...counts,
    isUp: counts.isUp === true,
    judgement,
    limitBytes,
    bytesPerWork: isByTime ? null : scaled(1),
    bytesPerHour,
    secondsToLimit:
      limitBytes === null || bytesPerHour === null
        ? null
        : secondsUntil(limitBytes - (cgroup ?? rss), bytesPerHour),
  };
}

/** The sooner end of it belongs to the faster growth. */
function secondsUntil(leftBytes: number, perHour: RatePerRequest): RatePerRequest {
  const until = (rate: number) => (rate <= 0 ? Infinity : (3600 * Math.max(0, leftBytes)) / rate);
  return {
    estimate: until(perHour.estimate),
    low: until(perHour.high),
    high: until(perHour.low),
    confidence: perHour.confidence,
  };
}
