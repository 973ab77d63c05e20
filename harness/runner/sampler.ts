// Reads the cheap side of every probe at an even pace while the run goes, five times a second.
// One reading at a time: a gateway too busy to answer gives fewer samples, never a queue of them.

import { systemClock } from '../../injectors/determinism.ts';
import type { AttachedProbe, Reading } from '../probes/probe.ts';
import type { RecordStore } from '../record-store.ts';
import type { MetricName } from '../series/metrics.ts';

const everyMs = 200;

export interface Sampler extends AsyncDisposable {
  /** The last reading, for the progress line. */
  readonly latest: Reading;
}

export function startSampler(
  probes: readonly AttachedProbe[],
  store: RecordStore,
  nowMs: () => number,
  onFailure: (error: unknown) => void,
): Sampler {
  let latest: Reading = {};
  let isRunning = true;
  let cancel: (() => void) | undefined;
  let turn: Promise<void> = Promise.resolve();
  const failing = new Set<AttachedProbe>();

  const sampleOne = async (probe: AttachedProbe) => {
    try {
      const reading = await probe.sample();
      const timeMs = nowMs();
      latest = { ...latest, ...reading };
      for (const [metric, value] of Object.entries(reading)) {
        await store.sample({ metric: metric as MetricName, timeMs, value });
      }
      for (const event of probe.drainEvents?.() ?? []) await store.sample(event);
    } catch (error) {
      // Told once: a gateway that is gone would otherwise fill the record with the same sentence.
      if (!failing.has(probe) && isRunning) onFailure(error);
      failing.add(probe);
    }
  };
  const sampleAll = async () => {
    for (const probe of probes) if (!failing.has(probe)) await sampleOne(probe);
  };
  const schedule = () => {
    cancel = systemClock.after(everyMs, () => {
      turn = sampleAll().then(() => {
        if (isRunning) schedule();
      });
    });
  };
  schedule();
  return {
    get latest() {
      return latest;
    },
    async [Symbol.asyncDispose]() {
      isRunning = false;
      cancel?.();
      await turn;
    },
  };
}
