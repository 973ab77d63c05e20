// Judges work with large payloads: what a size costs at its peak, whether that is in proportion to
// the size, and whether it is given back. Peaks are the kernel's high-water marks between two
// levels (probes/peak-memory.ts), so none is too short to be seen.

import type { RunRecord } from '../record.ts';
import type { Level } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { Checker, Judgement } from './checker.ts';
import { joined, type Part } from './parts.ts';
import { kib, residualOf } from './residual.ts';

const MiB = 1024 ** 2;

/** A phase with payloads of one size. */
export interface PayloadStep {
  readonly phase: string;
  /** Of one request: bytes of text, or texts. */
  readonly units: number;
  /** Bytes of payload in one request, where the unit is not the byte. */
  readonly bytes?: number;
}

export interface PayloadCheckOptions {
  readonly steps: readonly PayloadStep[];
  readonly unit: 'byte' | 'text';
  /** Requests in flight at once. */
  readonly userCount: number;
  /** Memory at the peak, for each unit in flight, above which the gateway is too greedy. */
  readonly mostPerUnit: number;
}

/**
 * What a gateway that keeps nothing gains in code and feedback after its warm-up, some 0.5 MiB, and
 * as much again. Of the payloads, 2 % may stay: buffers of a pool.
 */
const wanderBytes = MiB;
const keptShare = 0.02;
const confidence = 0.95;
/** Growth of the peak with the size, above which it is out of proportion; 1 is in proportion. */
const mostExponent = 1.3;
/** Smaller peaks are hidden in what an allocator had kept; it takes three sizes to see a curve. */
const visibleBytes = 8 * MiB;
const fewestSizes = 3;

export function payloadChecker(options: PayloadCheckOptions): Checker {
  return { name: 'payload', needs: ['heapBytes'], check: (record) => judge(record, options) };
}

function judge(record: RunRecord, options: PayloadCheckOptions): Judgement {
  const sentBytes = payloadOf(record, options);
  const limit = Math.max(wanderBytes, keptShare * sentBytes);
  const residual = residualOf(record, limit, `After ${kib(sentBytes)} of payload`);
  const whole = joined([peakOf(record, options), residual]);
  return {
    ...whole,
    evidence: [{ label: 'payload in all', value: sentBytes, unit: 'bytes' }, ...whole.evidence],
    warnings: [],
    ...(residual.resources[0] && { finding: residual.resources[0].finding }),
    resources: residual.resources,
  };
}

/** Bytes that were sent or answered in the phases of the sizes. */
function payloadOf({ requests }: RunRecord, { steps }: PayloadCheckOptions): number {
  return steps.reduce((sum, { phase, units, bytes = units }) => {
    return sum + bytes * requests.filter((row) => row.phase === phase).length;
  }, 0);
}

interface Peak {
  readonly step: PayloadStep;
  /** Above the rest before the first of the sizes. */
  readonly bytes: number;
}

/** Of every cycle; sizes rise, so what the allocator kept of one is used again by the next. */
function peaksOf({ levels }: RunRecord, steps: readonly PayloadStep[]): readonly Peak[] {
  const rest = median(restOf(levels, 'baseline')) ?? Number.NaN;
  return steps.flatMap((step) =>
    levels
      .filter(({ phase }) => phase === step.phase)
      .flatMap(({ values }) => {
        const peak = values.peakRssBytes;
        return peak === undefined ? [] : [{ step, bytes: peak - rest }];
      }),
  );
}

/** Slope in logarithms; what a request costs whatever its size makes it less than 1. */
function exponentOf(peaks: readonly Peak[]) {
  const seen = peaks.filter(({ bytes }) => bytes > visibleBytes);
  if (new Set(seen.map(({ step }) => step)).size < fewestSizes) return null;
  return theilSen(
    seen.map(({ step }) => Math.log(step.units)),
    seen.map(({ bytes }) => Math.log(bytes)),
    confidence,
  );
}

function restOf(levels: readonly Level[], wanted: string): readonly number[] {
  return levels
    .filter(({ phase }) => phase === wanted)
    .flatMap(({ values }) => (values.rssBytes === undefined ? [] : [values.rssBytes]));
}

function peakOf(record: RunRecord, options: PayloadCheckOptions): Part {
  const { steps, unit, userCount, mostPerUnit } = options;
  const peaks = peaksOf(record, steps);
  const inFlight = peaks.map(({ step }) => step.units * userCount);
  const fit = theilSen(
    inFlight,
    peaks.map(({ bytes }) => bytes),
    confidence,
  );
  if (fit?.interval == null) {
    const reason = 'No peak of memory was read: it needs /proc/PID/clear_refs.';
    return { outcome: 'inconclusive', reason, evidence: [] };
  }
  const { slope } = fit;
  const { low, high } = fit.interval;
  const exponent = exponentOf(peaks);
  const isGreedy = low > mostPerUnit;
  const isSteep = (exponent?.interval?.low ?? 0) > mostExponent;
  const figure = (value: number) => (unit === 'byte' ? value.toFixed(1) : kib(value));
  const told =
    `At its peak a ${unit} in flight costs ${figure(slope)} bytes`.replace(' KiB bytes', ' KiB') +
    ` [${figure(low)}, ${figure(high)}]`;
  const steepness = exponent === null ? '' : ` (size to the power of ${exponent.slope.toFixed(2)})`;
  return {
    outcome: isGreedy || isSteep ? 'fail' : 'pass',
    reason: isSteep
      ? `The peak grows out of proportion to the ${unit}s in flight${steepness}.`
      : isGreedy
        ? `${told}; ${figure(mostPerUnit)} are allowed.`
        : `${told}.`,
    evidence: [
      ...steps.map((step) => ({
        label: `peak above rest (${step.phase})`,
        value: Math.round(
          Math.max(0, ...peaks.filter((peak) => peak.step === step).map(({ bytes }) => bytes)),
        ),
        unit: 'bytes',
      })),
      { label: `peak for each ${unit} in flight`, value: slope, unit: 'bytes' },
      { label: 'interval of it (95 %)', value: `${figure(low)} to ${figure(high)}` },
      ...(exponent === null
        ? []
        : [{ label: 'growth of the peak with size (1: in proportion)', value: exponent.slope }]),
    ],
  };
}
