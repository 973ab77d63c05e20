// Judges a billing stall: what an event in the queue costs, whether the queue kept to its bound,
// whether its memory came back after recovery, and whether every answer was billed exactly once.

import type { RunRecord } from '../record.ts';
import type { Level } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import type { Evidence, ResourceFinding } from '../verdict.ts';
import { integrityOf } from './billing-integrity.ts';
import type { Checker, Judgement } from './checker.ts';
import { joined, type Part } from './parts.ts';

const KiB = 1024;
/** A stuck round that held fewer events in the queue was no stall. */
const fewEvents = 50;
/** Levels wander by some 30 KiB: over this many events that is 150 bytes each, and no more. */
const enoughEvents = 200;
/**
 * What a gateway that does not leak adds after its warm-up, three times over (measured on the
 * reference gateways). V8 adds about 0.9 MiB of code and feedback over its first 3,000 requests and
 * 20 KiB over the next 5,000; CPython compiles nothing: 0.1 MiB over 3,000 requests, 0.06 MiB more
 * after a hundred at once. Smaller leaks are the business of the leak experiment.
 */
const wanderBytes = { v8: 1536 * KiB, python: 512 * KiB };
/** Of the memory the full queue held, at most this share may stay. */
const residualShare = 0.25;

export const billingQueueChecker: Checker = {
  name: 'billing-queue',
  needs: ['queueDepth', 'heapBytes'],
  check: (record) => judge(record),
};

function judge(record: RunRecord): Judgement {
  const depth = maxDepth(record);
  if (!heldEvents(record)) {
    return {
      outcome: 'inconclusive',
      finding: 'undecided',
      reason:
        `The billing queue never filled (at most ${depth} events waited), so the stall did not ` +
        'reach the worker.',
      evidence: [{ label: 'queue depth', value: depth, unit: 'events' }],
      warnings: [],
    };
  }
  const memory = memoryOf(record);
  const parts = [boundOf(record, depth), drainOf(record), memory.part, integrityOf(record)];
  return {
    ...joined(parts),
    restsOn: { rateOf: ['stress-error', 'stress-slow'] },
    warnings: [],
    ...(memory.resources[0] && { finding: memory.resources[0].finding }),
    resources: memory.resources,
  };
}

/** At the end of a round in which the worker was stuck, what was asked in it must wait. */
function heldEvents({ levels }: RunRecord): boolean {
  return levels.some(
    ({ phase, values }) => phase === 'stress' && (values.queueDepth ?? 0) >= fewEvents,
  );
}

function maxDepth(record: RunRecord): number {
  let depth = 0;
  for (const { metric, value } of record.samples) {
    if (metric === 'queueDepth') depth = Math.max(depth, value);
  }
  for (const { values } of record.levels) depth = Math.max(depth, values.queueDepth ?? 0);
  return depth;
}

function boundOf(record: RunRecord, depth: number): Part {
  const limit = record.facts.queueLimit;
  const evidence = [{ label: 'largest queue depth', value: depth, unit: 'events' }];
  if (typeof limit !== 'number') {
    return { outcome: 'pass', reason: `The queue reached ${depth} events.`, evidence };
  }
  if (limit === 0) {
    const reason =
      `The queue has no bound: it reached ${depth} events and would grow for as long as the ` +
      'worker is stuck. Bound it, and refuse or spill what does not fit.';
    return { outcome: 'fail', reason, evidence };
  }
  const isKept = depth <= limit;
  const reason = isKept
    ? depth < limit
      ? `The queue reached ${depth} events; its bound of ${limit} was not put to the test.`
      : `The queue reached its bound of ${limit} events and kept to it.`
    : `The queue reached ${depth} events, beyond its bound of ${limit}.`;
  const bound = { label: 'bound of the queue', value: limit, unit: 'events' };
  return { outcome: isKept ? 'pass' : 'fail', reason, evidence: [...evidence, bound] };
}

function drainOf(record: RunRecord): Part {
  const heals = record.phases.filter(({ name }) => name.startsWith('heal'));
  const seconds = heals.map(({ startMs, endMs }) => ((endMs ?? startMs) - startMs) / 1000);
  const evidence = heals.map(({ name }, index) => ({
    label: `time to drain (${name})`,
    value: Number(seconds[index]?.toFixed(2) ?? 0),
    unit: 's',
  }));
  const left = record.levels.filter(
    ({ phase, values }) => phase.startsWith('heal') && (values.queueDepth ?? 0) > 0,
  );
  const first = left[0];
  if (heals.length === 0) {
    return { outcome: 'inconclusive', reason: 'The queue was never let to drain.', evidence };
  }
  if (first === undefined) {
    const longest = Math.max(0, ...seconds).toFixed(1);
    return { outcome: 'pass', reason: `It drained within ${longest} s of recovery.`, evidence };
  }
  const reason = `After recovery ${first.values.queueDepth} events still waited (${first.phase}).`;
  return { outcome: 'fail', reason, evidence };
}

/** Live memory: the heap, and what V8 holds outside of it. */
function live({ values }: Level): number {
  return (values.heapBytes ?? 0) + (values.externalBytes ?? 0);
}

function memoryOf(record: RunRecord): { part: Part; resources: readonly ResourceFinding[] } {
  const levels = (isMeant: (phase: string) => boolean) =>
    record.levels.filter(({ phase }) => isMeant(phase));
  const before = median(levels((phase) => phase === 'baseline').map(live));
  const after = median(levels((phase) => phase === 'after' || phase === 'settle').map(live));
  if (before === null || after === null) {
    const reason = 'The memory before or after the stall was not read.';
    return { part: { outcome: 'inconclusive', reason, evidence: [] }, resources: [] };
  }
  const perEvent = eventCost(record.levels);
  const held = Math.max(0, perEvent?.middle ?? 0) * maxDepth(record);
  const residual = after - before;
  const isPython = record.levels.some(({ values }) => values.pythonBlocks !== undefined);
  const wander = isPython ? wanderBytes.python : wanderBytes.v8;
  const limit = Math.max(wander, held * residualShare);
  const isBack = residual <= limit;
  const evidence: readonly Evidence[] = [
    ...(perEvent === null ? [] : evidenceOfCost(perEvent)),
    { label: 'held by the full queue', value: Math.round(held), unit: 'bytes' },
    { label: 'live memory after, less before', value: Math.round(residual), unit: 'bytes' },
    { label: 'allowed residual', value: Math.round(limit), unit: 'bytes' },
  ];
  const change = `${residual < 0 ? 'below' : 'above'} where it began`;
  const reason =
    `After the queue had drained, live memory was ${kib(Math.abs(residual))} ${change} ` +
    `(allowed: ${kib(limit)}; the full queue held about ${kib(held)}).`;
  const requests = record.requests.length;
  return {
    part: { outcome: isBack ? 'pass' : 'fail', reason, evidence },
    resources: [
      {
        metric: 'heapBytes',
        finding: isBack ? 'bounded' : 'leak',
        perRequest: null,
        resolution: requests === 0 ? null : limit / requests,
        exponent: null,
        reason,
      },
    ],
  };
}

function kib(bytes: number): string {
  return `${Math.round(bytes / KiB)} KiB`;
}

interface EventCost {
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * What one event in the queue costs: live memory with the queue full, less that right after it
 * drained, per event. No request comes between the two, so V8 adds nothing meanwhile. The interval
 * is that of the median by the sign test: [min, max] of n pairs covers it with 1 - 2^(1-n).
 */
function eventCost(levels: readonly Level[]): EventCost | null {
  const costs = levels.flatMap((full, index) => {
    const drained = levels[index + 1];
    const depth = full.values.queueDepth ?? 0;
    if (!full.phase.startsWith('stress') || drained?.phase.startsWith('heal') !== true) return [];
    return depth < enoughEvents ? [] : [(live(full) - live(drained)) / depth];
  });
  const middle = median(costs);
  if (middle === null) return null;
  const confidence = 1 - 2 ** (1 - costs.length);
  return { middle, low: Math.min(...costs), high: Math.max(...costs), confidence };
}

function evidenceOfCost({ middle, low, high, confidence }: EventCost): readonly Evidence[] {
  const range = `${Math.round(low)} to ${Math.round(high)}`;
  return [
    { label: 'bytes per queued event', value: Math.round(middle), unit: 'bytes' },
    { label: `interval of it (${(confidence * 100).toFixed(0)} %)`, value: range, unit: 'bytes' },
  ];
}
