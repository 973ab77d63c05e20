// Watches one target until it is told to stop: reads it, hands the readings to the detector, and
// lets the alarm know what came of them. A target that is away is waited for; one that began anew
// is learnt anew.

import { sleep } from '../../injectors/determinism.ts';
import { redactText } from '../redact.ts';
import { createAlarm } from './alarm.ts';
import { createDetector } from './detector.ts';
import type { TargetReading } from './target.ts';
import type { WatchOptions } from './watch-options.ts';
import { noCounts, statusOf, type WatchStatus } from './watch-status.ts';

export interface Watcher {
  readonly status: WatchStatus;
  /** Settles when the signal is aborted and all alerts are delivered. */
  readonly done: Promise<void>;
}

export function startWatch(given: WatchOptions): Watcher {
  const tell = (line: string) => given.tell(redactText(line));
  const options = { ...given, tell };
  const { target, clock, signal, everyMs } = options;
  const detector = createDetector(options.rules);
  const counts = noCounts();
  const alarm = createAlarm(options, counts);
  const status = () => statusOf(counts, detector.judgement, options);
  let told = '';
  const take = (reading: TargetReading) => {
    const isNew = beganAnew(counts.reading, reading);
    const before = isNew ? 0 : (counts.reading?.work ?? reading.work);
    counts.work += Math.max(0, reading.work - before);
    counts.reading = reading;
    if (isNew) {
      counts.restarts += 1;
      tell(`${target.name} began anew (${counts.restarts}): what it keeps is learnt anew.`);
      detector.restart();
      alarm.resolve('the process began anew');
    }
    const bytes = reading.memory[reading.channel] ?? 0;
    if (!detector.add({ timeMs: clock.nowMs(), bytes, work: counts.work })) return;
    const { state } = detector.judgement;
    if (state !== told) tell(`${target.name} is ${state}.`);
    told = state;
    alarm.update(status());
  };
  const look = async () => {
    try {
      take(await target.read());
      if (counts.isUp === false) tell(`${target.name} is back.`);
      counts.isUp = true;
      counts.readings.ok += 1;
    } catch (error) {
      counts.readings.failed += 1;
      // Told once for each time it is away.
      if (counts.isUp !== false) tell(error instanceof Error ? error.message : String(error));
      counts.isUp = false;
    }
  };
  const watch = async () => {
    while (!signal.aborted) {
      await look();
      await sleep(everyMs, signal).catch(() => undefined);
    }
    await alarm.settled();
  };
  return {
    get status() {
      return status();
    },
    done: watch(),
  };
}

/** Another process, or the same page with counters that begin at zero. */
function beganAnew(before: TargetReading | null, now: TargetReading): boolean {
  return before !== null && (now.life !== before.life || now.work < before.work);
}
