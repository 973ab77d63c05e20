// Runs a list of checkers over one record and joins their judgements into the verdict: fail beats
// inconclusive beats pass. A checker that throws is inconclusive, never a crash of the run.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import {
  type CheckResult,
  type Finding,
  type Outcome,
  type ResourceFinding,
  type Verdict,
  worst,
} from '../verdict.ts';
import { judgeBudget } from './budget.ts';
import type { Checker, Judgement } from './checker.ts';
import { underConditions } from './conditions.ts';
import { latencyOf } from './latency.ts';
import { rankResources } from './rank-resources.ts';
import { recoveryOf } from './recovery.ts';

type Named = Judgement & { readonly checker: string };

export function compose(record: RunRecord, checkers: readonly Checker[]): Verdict {
  const found = checkers.map((checker) => run(checker, record));
  const resources = rankResources(found.flatMap((judgement) => judgement.resources ?? []));
  const measured = {
    retainedBytesPerRequest: retainedBytes(resources),
    recovery: recoveryOf(record),
  };
  const { limits } = record.header;
  const judgements =
    limits === undefined
      ? found
      : [...found, { checker: 'budget', ...judgeBudget(record, measured, limits) }];
  const ended = endOf(record);
  const all = ended === null ? judgements : [ended, ...judgements];
  const finding = findingOf(judgements);
  const isGrowth = finding === 'leak' || finding === 'bounded';
  const about = isGrowth ? resources.find((resource) => resource.finding === finding) : undefined;
  const outcome = ended?.outcome ?? worst(all.map((judgement) => judgement.outcome));
  const { requests } = record;
  return {
    schema: 1,
    scenario: record.header.scenario,
    outcome,
    finding: ended !== null && finding !== 'leak' ? 'undecided' : finding,
    resource: about?.metric ?? null,
    reason: reasonOf(all, outcome),
    ...measured,
    resources,
    suspects: judgements.flatMap((judgement) => judgement.suspects ?? []),
    latency: latencyOf(requests),
    checks: all.map(checkResult),
    evidence: all.flatMap((judgement) => judgement.evidence),
    warnings: [...new Set([...record.warnings, ...all.flatMap((judgement) => judgement.warnings)])],
    requests: {
      total: requests.length,
      failed: requests.filter((row) => row.outcome === 'error').length,
      aborted: requests.filter((row) => row.outcome === 'aborted').length,
    },
    repeat: record.header.command,
  };
}

function checkResult({ checker, outcome, reason, evidence, warnings }: Named): CheckResult {
  return { checker, outcome, reason, evidence, warnings };
}

function run(checker: Checker, record: RunRecord): Named {
  const inconclusive = (reason: string): Named => ({
    checker: checker.name,
    outcome: 'inconclusive',
    reason,
    evidence: [],
    warnings: [],
  });
  const absent = checker.needs.filter((metric) => !isMeasured(record, metric));
  if (absent.length > 0) {
    return inconclusive(`Cannot judge ${checker.name}: ${absent.join(', ')} was not measured.`);
  }
  try {
    const judgement = underConditions(checker.check(record), record.phases);
    return { checker: checker.name, ...judgement };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return inconclusive(`Cannot judge ${checker.name}: the checker failed: ${why}.`);
  }
}

function isMeasured(record: RunRecord, metric: MetricName): boolean {
  return (
    record.samples.some((sample) => sample.metric === metric) ||
    record.levels.some((level) => level.values[metric] !== undefined)
  );
}

/** A run cut short is no verdict on the gateway, unless the gateway itself cut it short. */
function endOf(record: RunRecord): Named | null {
  const { gatewayEnded } = record.facts;
  const died = typeof gatewayEnded === 'string' && gatewayEnded !== '';
  if (!died && record.interrupted === null) return null;
  return {
    checker: 'run',
    outcome: died ? 'fail' : 'inconclusive',
    reason: died
      ? `The gateway ended during the run: ${sentence(gatewayEnded)}`
      : `The run was cut short: ${sentence(record.interrupted ?? '')}`,
    evidence: [],
    warnings: [],
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The gravest of what the checkers of growth found; without any, nothing is known. */
function findingOf(judgements: readonly Named[]): Finding {
  const order: readonly Finding[] = ['leak', 'undecided', 'bounded', 'clean'];
  return order.find((word) => judgements.some(({ finding }) => finding === word)) ?? 'undecided';
}

/** The sentence of the check that decided the outcome. */
function reasonOf(judgements: readonly Named[], outcome: Outcome): string {
  const decisive = judgements.filter((judgement) => judgement.outcome === outcome);
  if (decisive.length === 0) return 'Nothing was judged.';
  return decisive.map((judgement) => judgement.reason).join(' ');
}

/** Heap and external add up; resident memory holds both and answers where neither was seen. */
function retainedBytes(resources: readonly ResourceFinding[]): Verdict['retainedBytesPerRequest'] {
  const rates = (['heapBytes', 'externalBytes'] as const).flatMap((metric) => {
    const rate = resources.find((resource) => resource.metric === metric)?.perRequest;
    return rate ? [rate] : [];
  });
  const [first, second] = rates;
  if (first === undefined) {
    return resources.find((resource) => resource.metric === 'anonBytes')?.perRequest ?? null;
  }
  if (second === undefined) return first;
  // The sum of two bounds holds with at least 1 - (both errors): Bonferroni.
  return {
    estimate: first.estimate + second.estimate,
    low: first.low + second.low,
    high: first.high + second.high,
    confidence: Math.max(0, Number((first.confidence + second.confidence - 1).toFixed(6))),
  };
}
