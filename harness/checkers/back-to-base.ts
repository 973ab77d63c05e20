// Are counted things back where they were before the stress: connections, clients, promises, tasks?
// Counts are exact, so one reading before and one after tell; what stays is told per request.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';

export interface BackToBaseOptions {
  readonly metrics: readonly MetricName[];
  /** The last level of each phase is read. */
  readonly beforePhase: string;
  readonly afterPhase: string;
  /** Requests of this phase lie between the two. */
  readonly workPhase: string;
  /** More that are there afterwards: pools keep a few, and so many per request are no chance. */
  readonly toleratedCount: number;
  readonly toleratedPerRequest: number;
}

interface Change {
  readonly metric: MetricName;
  readonly before: number;
  readonly after: number;
  readonly isBack: boolean;
}

export function backToBaseChecker({
  metrics,
  beforePhase,
  afterPhase,
  workPhase = 'stress',
  toleratedCount = 16,
  toleratedPerRequest = 0.01,
}: Pick<BackToBaseOptions, 'metrics' | 'beforePhase' | 'afterPhase'> &
  Partial<BackToBaseOptions>): Checker {
  const tolerated = { toleratedCount, toleratedPerRequest };
  const options = { metrics, beforePhase, afterPhase, workPhase, ...tolerated };
  return { name: 'back-to-base', needs: [], check: (record) => judge(record, options) };
}

function judge(record: RunRecord, options: BackToBaseOptions): Judgement {
  const before = lastOf(options.beforePhase, record.levels);
  const after = lastOf(options.afterPhase, record.levels);
  const requests = record.requests.filter(({ phase }) => phase === options.workPhase).length;
  const tolerated = options.toleratedCount + options.toleratedPerRequest * requests;
  const changes = options.metrics.flatMap((metric): readonly Change[] => {
    const [from, to] = [before?.values[metric], after?.values[metric]];
    if (from === undefined || to === undefined) return [];
    return [{ metric, before: from, after: to, isBack: to - from <= tolerated }];
  });
  if (changes.length === 0) {
    const reason = `Of ${options.metrics.join(', ')} none was counted before and after the work.`;
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const left = changes.filter(({ isBack }) => !isBack);
  const reason =
    left.length === 0
      ? `After ${requests} requests ${list(changes)}: back where they were.`
      : `After ${requests} requests ${list(left)}; ${Math.floor(tolerated)} more are tolerated.`;
  const evidence = changes.flatMap((change) => evidenceOf(change, requests));
  return { outcome: left.length === 0 ? 'pass' : 'fail', reason, evidence, warnings: [] };
}

function lastOf(phase: string, levels: readonly Level[]): Level | undefined {
  return levels.findLast((level) => level.phase === phase);
}

function list(changes: readonly Change[]): string {
  return changes.map(({ metric, before, after }) => `${metric} ${before} → ${after}`).join(', ');
}

function evidenceOf({ metric, before, after }: Change, requests: number): readonly Evidence[] {
  return [
    { label: `${metric} before`, value: before },
    { label: `${metric} after`, value: after },
    ...(requests === 0
      ? []
      : [{ label: `${metric} left`, value: (after - before) / requests, unit: 'per request' }]),
  ];
}
