// How figures are written in every report: one place, so that a rate reads the same on the
// terminal, in JUnit and in the page. Binary units (IEC 80000-13), plain ASCII.

import type { Unit } from '../series/metrics.ts';
import type { RatePerRequest } from '../verdict.ts';

const steps = [
  { factor: 1, name: 'B' },
  { factor: 1024, name: 'KiB' },
  { factor: 1024 ** 2, name: 'MiB' },
  { factor: 1024 ** 3, name: 'GiB' },
] as const;
type Step = (typeof steps)[number];

/** What replaces a figure that was not measured; never zero. */
export const absent = '-';

/** The unit in which bytes up to `largest` are best read; below 10 KiB bytes stay bytes. */
export function byteStep(largest: number): Step {
  const size = Math.abs(largest);
  if (size < 10 * 1024) return steps[0];
  return steps.findLast((step) => size >= step.factor) ?? steps[0];
}

export function writeBytes(bytes: number): string {
  const step = byteStep(bytes);
  return `${writeNumber(bytes / step.factor)} ${step.name}`;
}

export function writeMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return absent;
  if (ms >= 1000) return `${writeNumber(ms / 1000)} s`;
  return `${ms >= 100 ? Math.round(ms) : writeNumber(ms)} ms`;
}

export function writeValue(value: number, unit: Unit): string {
  if (unit === 'bytes') return writeBytes(value);
  return unit === 'milliseconds' ? writeMs(value) : writeNumber(value);
}

/** `1024 B [1023.1, 1025.6]`: estimate and interval in one unit. */
export function writeRate(rate: RatePerRequest | null, unit: Unit): string {
  if (rate === null) return absent;
  const step = unit === 'bytes' ? byteStep(rate.estimate) : { factor: 1, name: '' };
  const [estimate, low, high] = [rate.estimate, rate.low, rate.high].map((value) =>
    writeNumber(value / step.factor),
  );
  return `${estimate}${step.name === '' ? '' : ` ${step.name}`} [${low}, ${high}]`;
}

/** Digits that carry meaning: 1023.1, 0.0005, 12; an interval may be open (`inf`). */
export function writeNumber(value: number): string {
  if (Number.isNaN(value)) return absent;
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value)) return String(value === 0 ? 0 : value);
  if (size >= 1) return trimmed(value.toFixed(1));
  return size < 1e-6 ? '0' : trimmed(value.toPrecision(2));
}

function trimmed(digits: string): string {
  return digits.includes('e') ? String(Number(digits)) : digits.replace(/\.?0+$/, '');
}
