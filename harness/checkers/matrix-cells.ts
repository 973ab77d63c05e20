// What a run of the matrix says of each cell: one fault, on one provider, over one transport. Pure:
// the record in, the cells out, so that the runner, the verdict and every report agree.
//
// A cell is three phases that carry its name: its fault's warm-up, the leak experiment under the
// fault, and the wait for the next answer once the fault is healed.

import type { PhaseMark, RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import type { Sample } from '../series/sample.ts';
import { quantile } from '../stats/quantile.ts';
import type { Finding, RatePerRequest, ResourceFinding } from '../verdict.ts';
import { type ExperimentOptions, smokeExperiment } from './experiment-options.ts';
import { conclude, findingOf } from './leak-experiment.ts';

/** In the name of a record's scenario. */
export const matrixId = 'matrix';

export interface CellKey {
  readonly provider: string;
  readonly transport: string;
  /** In words: `truncate;at=3`. */
  readonly fault: string;
}

export interface MatrixCell extends CellKey {
  readonly finding: Finding;
  readonly reason: string;
  /** False where the run was cut short in it. */
  readonly isWhole: boolean;
  /** How the gateway ended in it, or null. */
  readonly gatewayEnded: string | null;
  /** What leaks, or null. */
  readonly metric: MetricName | null;
  /** What it keeps per request; without a leak, what the live heap (or its like) does. */
  readonly perRequest: RatePerRequest | null;
  readonly resources: readonly ResourceFinding[];
  /** Highest resident memory under the fault, above that before it. */
  readonly peakBytes: number | null;
  /** From the fault's end to the next complete answer; null when none came. */
  readonly recoveryMs: number | null;
  /** After the fault's end the gateway answered no more, and another one took its place. */
  readonly isStuck: boolean;
  /** Open at rest after the fault, above those before it. */
  readonly socketsLeft: number | null;
  readonly fdsLeft: number | null;
  /** Of all requests under the fault, whatever their end. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  readonly requests: { readonly total: number; readonly failed: number; readonly aborted: number };
  readonly seconds: number;
}

const suffixes = { warmUp: ' warm-up', fault: '', healed: ' healed' } as const;

export function cellPhase(key: CellKey, part: keyof typeof suffixes): string {
  return `${key.provider}/${key.transport}/${key.fault}${suffixes[part]}`;
}

const { channels } = smokeExperiment;
/** Twenty requests a cycle: one descriptor in a whole cell is 0.007 of one per request. */
const handles = { delta: 0.05, deltaClean: 0.08, maxResolution: 0.2, minRise: 4 };
const bytes = { delta: 384, deltaClean: 512, maxResolution: 1536 };

/** Requests of a cell that are not judged: its way through the fault is warm then. */
export const cellWarmUp = 48;

/** Seven levels at the earliest; a leak has to grow again over seven fresh ones. */
export const cellExperiment: ExperimentOptions = {
  ...smokeExperiment,
  looks: [7, 8, 10, 12, 14, 17, 20, 24, 30],
  minCleanCycles: 7,
  requestsBefore: cellWarmUp,
  channels: {
    ...channels,
    heapBytes: { ...channels.heapBytes, ...bytes },
    externalBytes: { ...channels.externalBytes, ...bytes },
    fdCount: { ...channels.fdCount, ...handles },
    socketCount: { ...channels.socketCount, ...handles },
    handleCount: { ...channels.handleCount, ...handles },
    taskCount: { ...channels.taskCount, ...handles },
    threadCount: { ...channels.threadCount, ...handles },
  },
};

/** Of all parts of a matrix, each cell as it was measured last. */
export function latestCells(records: readonly RunRecord[]): readonly MatrixCell[] {
  const cells = records.flatMap(matrixCells);
  return [...new Map(cells.map((cell) => [cellPhase(cell, 'fault'), cell])).values()];
}

/** The cells that a record has anything of, in their order; one that was cut short is undecided. */
export function matrixCells(record: RunRecord): readonly MatrixCell[] {
  if (record.header.scenario !== matrixId) return [];
  const bounds = measuredTimes(record);
  return record.phases.flatMap((mark) => {
    const key = keyOf(mark.name);
    return key === null ? [] : [cellOf(record, key, mark, bounds)];
  });
}

function keyOf(phase: string): CellKey | null {
  const [, provider, transport, fault] = /^([^/ ]+)\/([^/ ]+)\/([^ ]+)$/.exec(phase) ?? [];
  if (provider === undefined || transport === undefined || fault === undefined) return null;
  return { provider, transport, fault };
}

/** Resident memory along time, read once for all cells. */
function measuredTimes({ samples }: RunRecord) {
  return samples.filter(({ metric }) => metric === 'rssBytes');
}

function cellOf(
  record: RunRecord,
  key: CellKey,
  mark: PhaseMark,
  resident: readonly Sample[],
): MatrixCell {
  const levels = record.levels.filter(({ phase }) => phase === mark.name);
  const rows = record.requests.filter(({ phase }) => phase === mark.name);
  const { finding, channels: found } = conclude(levels, cellExperiment);
  const isWhole = mark.endMs !== null;
  const { gatewayEnded } = record.facts;
  const about = found.find((channel) => channel.finding === findingOf[finding]) ?? found[0];
  const memory = found.find(({ metric }) => metric === 'heapBytes' || metric === 'anonBytes');
  const shown = finding === 'growth-sustained' ? about : (memory ?? about);
  const took = rows.map(({ startMs, endMs }) => endMs - startMs);
  return {
    ...key,
    finding: isWhole ? findingOf[finding] : 'undecided',
    reason: isWhole ? reasonOf(about) : cutShort(record),
    isWhole,
    gatewayEnded: !isWhole && typeof gatewayEnded === 'string' ? gatewayEnded : null,
    metric: finding === 'growth-sustained' ? (about?.metric ?? null) : null,
    perRequest: shown?.perRequest ?? null,
    resources: found,
    peakBytes: peakOf(resident, mark, record),
    recoveryMs: recoveryOf(record, key, mark),
    isStuck: record.interrupted?.includes(cellPhase(key, 'healed')) === true,
    socketsLeft: left(record, mark, 'socketCount'),
    fdsLeft: left(record, mark, 'fdCount'),
    latencyP50Ms: quantile(took, 0.5),
    latencyP99Ms: quantile(took, 0.99),
    requests: {
      total: rows.length,
      failed: rows.filter(({ outcome }) => outcome === 'error').length,
      aborted: rows.filter(({ outcome }) => outcome === 'aborted').length,
    },
    seconds: ((mark.endMs ?? levels.at(-1)?.timeMs ?? mark.startMs) - startOf(record, mark)) / 1000,
  };
}

function reasonOf(about: ResourceFinding | undefined): string {
  return about?.reason ?? 'Nothing of it was measured.';
}

function cutShort({ interrupted, facts }: RunRecord): string {
  const { gatewayEnded } = facts;
  if (typeof gatewayEnded === 'string') return `The gateway ended: ${gatewayEnded}`;
  return `It was cut short: ${interrupted ?? 'the run ended in it'}`;
}

/** A cell begins with its warm-up. */
function startOf({ phases }: RunRecord, { name, startMs }: PhaseMark): number {
  return phases.find((mark) => mark.name === `${name}${suffixes.warmUp}`)?.startMs ?? startMs;
}

function peakOf(resident: readonly Sample[], mark: PhaseMark, record: RunRecord): number | null {
  const fromMs = startOf(record, mark);
  const before = resident.findLast(({ timeMs }) => timeMs <= fromMs);
  let peak = Number.NEGATIVE_INFINITY;
  for (const { timeMs, value } of resident) {
    if (timeMs > fromMs && timeMs <= (mark.endMs ?? Infinity)) peak = Math.max(peak, value);
  }
  return before === undefined || !Number.isFinite(peak) ? null : Math.max(0, peak - before.value);
}

function recoveryOf(record: RunRecord, key: CellKey, { endMs }: PhaseMark): number | null {
  const phase = cellPhase(key, 'healed');
  const answered = record.requests.find((row) => row.phase === phase && row.outcome === 'ok');
  return answered === undefined || endMs === null ? null : answered.endMs - endMs;
}

/** Against the last level before the cell began: its own first ones may hold what is left. */
function left({ levels }: RunRecord, { name }: PhaseMark, metric: MetricName): number | null {
  const first = levels.findIndex(({ phase }) => phase.startsWith(name));
  const before = levels.slice(0, first).findLast(({ values }) => values[metric] !== undefined);
  const own = levels.filter(({ phase }) => phase === name || phase === `${name}${suffixes.healed}`);
  const after = own.at(-1)?.values[metric];
  const from = before?.values[metric];
  return after === undefined || from === undefined ? null : after - from;
}
