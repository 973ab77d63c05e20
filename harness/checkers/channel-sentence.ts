// One sentence for what a channel did, with figures a reader can check against the plot.

import { metrics, type Unit } from '../series/metrics.ts';
import type { Finding } from '../verdict.ts';
import type { ChannelHistory } from './channel.ts';

export function sentenceOf(channel: ChannelHistory, finding: Finding): string {
  const { metric, rate, resolution, exponent, stage, count, stoppedRise } = channel;
  const { unit } = metrics[metric];
  if (rate === null || resolution === null) {
    return `${metric} was read after ${count} cycles, too few for an interval.`;
  }
  const slope = `${amount(rate.estimate, unit)} per request [${amount(rate.low, unit)}, ${amount(rate.high, unit)}]`;
  const shape = exponent === null ? '' : `, growth exponent ${exponent.toFixed(2)}`;
  switch (finding) {
    case 'leak':
      return `${metric} grows by ${slope} and does not slow down${shape}.`;
    case 'bounded':
      return `${metric} rose by ${amount(stoppedRise, unit)} and then stopped.`;
    case 'clean':
      return `${metric} shows no leak: one of ${amount(resolution, unit)} per request would have been seen.`;
    case 'undecided':
      return stage === 'watching'
        ? `${metric} moves by ${slope}: too noisy to tell over ${count} cycles.`
        : `${metric} grows by ${slope}; ${count} cycles do not show whether it stops${shape}.`;
    default:
      return finding satisfies never;
  }
}

/** "1.5 KiB", "-12 B", "0.04": three figures at most. */
export function amount(value: number, unit: Unit): string {
  if (unit === 'milliseconds') return `${figures(value)} ms`;
  if (unit === 'count') return figures(value);
  const size = Math.abs(value);
  if (size >= 1024 ** 2) return `${figures(value / 1024 ** 2)} MiB`;
  return size >= 1024 ? `${figures(value / 1024)} KiB` : `${figures(value)} B`;
}

function figures(value: number): string {
  return String(Number(value.toPrecision(3)));
}
