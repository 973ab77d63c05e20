// Judges work under memory pressure: did the pressure act, was every request that failed under it
// answered, did the collector work harder, and was all as before once it was relieved? A gateway
// that ended is told by compose.ts.

import { parseFaultWords } from '../../injectors/plan.ts';
import type { RequestRow, RunRecord } from '../record.ts';
import { median } from '../stats/median.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';
import { joined, type Part } from './parts.ts';
import { residualOf } from './residual.ts';

const fault = 'memory-pressure';
const MiB = 1024 ** 2;
/** Code and feedback that a gateway gains after its warm-up, and pools that are filled again. */
const wanderBytes = 2 * MiB;

const shared =
  'The gateway has no cgroup of its own, so the limit of its process was lowered instead. In a ' +
  'container or service of its own, it would meet the limit of its cgroup.';

export const pressureChecker: Checker = {
  name: 'pressure',
  needs: ['heapBytes'],
  check: judge,
};

function judge(record: RunRecord): Judgement {
  const residual = residualOf(record, wanderBytes, 'Once relieved');
  const whole = joined([actedOf(record), answersOf(record), residual, collectorOf(record)]);
  return {
    ...whole,
    evidence: [...whole.evidence, ...paceOf(record)],
    warnings: stepsOf(record).some(({ what }) => what.endsWith('(rlimit)')) ? [shared] : [],
    ...(residual.resources[0] && { finding: residual.resources[0].finding }),
    resources: residual.resources,
  };
}

/** What the fault noted while it was in force: its steps. */
function stepsOf({ injections }: RunRecord) {
  return injections.filter(
    ({ fault: words, what }) => parseFaultWords(words).fault === fault && /^step /.test(what),
  );
}

function actedOf(record: RunRecord): Part {
  const steps = stepsOf(record);
  const last = steps.at(-1);
  const evidence = [{ label: 'steps of pressure', value: steps.length }];
  if (last !== undefined) {
    const reason = `Memory was taken away in ${steps.length} steps (last: ${last.what}).`;
    return { outcome: 'pass', reason, evidence };
  }
  const reason = 'No memory was taken away, so nothing is known about pressure.';
  return { outcome: 'inconclusive', reason, evidence };
}

function answersOf({ requests }: RunRecord): Part {
  const under = requests.filter(({ phase }) => phase === 'stress');
  const failed = under.filter(({ outcome }) => outcome === 'error');
  const unanswered = failed.filter(({ status }) => status === null || status < 400);
  const after = requests.filter(({ phase, outcome }) => phase === 'after' && outcome === 'error');
  const evidence = [
    { label: 'requests under pressure', value: under.length },
    { label: 'refused with an error', value: failed.length - unanswered.length },
    { label: 'broken off', value: unanswered.length },
    { label: 'failures once relieved', value: after.length },
  ];
  const [broken] = unanswered;
  if (broken !== undefined) {
    const what = `${unanswered.length} of ${under.length} requests under pressure`;
    const reason = `${what} were broken off instead of refused (${broken.error ?? 'no error'}).`;
    return { outcome: 'fail', reason, evidence };
  }
  const [late] = after;
  if (late !== undefined) {
    const reason = `${after.length} requests failed after the pressure was relieved (${late.error}).`;
    return { outcome: 'fail', reason, evidence };
  }
  const refused = failed.length === 0 ? 'none had to be refused' : `${failed.length} were refused`;
  const reason = `Of ${under.length} requests under pressure ${refused}, and none once relieved.`;
  return { outcome: 'pass', reason, evidence };
}

/** The pace of the same work before, under and after; told, as it depends on the machine. */
function paceOf({ requests }: RunRecord): readonly Evidence[] {
  const pace = (wanted: string) =>
    median(requests.filter((row) => row.phase === wanted && row.outcome === 'ok').map(durationMs));
  return ['baseline', 'stress', 'after'].flatMap((phase) => {
    const value = pace(phase);
    return value === null ? [] : [{ label: `median latency (${phase})`, value, unit: 'ms' }];
  });
}

const durationMs = ({ startMs, endMs }: RequestRow) => endMs - startMs;

/**
 * Told, not judged: V8 collects more as its own heap limit comes near, CPython by counts of
 * objects; a limit of the process or its cgroup is known to neither until an allocation fails.
 */
function collectorOf(record: RunRecord): Part {
  const per100 = (wanted: string) => {
    const marks = record.phases.filter(({ name }) => name === wanted);
    const served = record.requests.filter(({ phase }) => phase === wanted).length;
    const count = record.samples.filter(
      ({ metric, timeMs }) =>
        metric === 'gcPauseMs' &&
        marks.some(({ startMs, endMs }) => timeMs >= startMs && timeMs <= (endMs ?? Infinity)),
    ).length;
    return served === 0 ? null : (100 * count) / served;
  };
  const [before, under, after] = [per100('baseline'), per100('stress'), per100('after')];
  const evidence = [
    { label: 'collections per 100 requests before', value: before },
    { label: 'collections per 100 requests under pressure', value: under },
    { label: 'collections per 100 requests after', value: after },
  ].flatMap(({ label, value }) => (value === null ? [] : [{ label, value }]));
  if (before === null || under === null || before + under === 0) {
    return { outcome: 'pass', reason: 'Collections were not seen.', evidence };
  }
  const change = under > 1.1 * before ? 'harder' : under < 0.9 * before ? 'less' : 'no harder';
  const figures = `${before.toFixed(0)} → ${under.toFixed(0)} collections per 100 requests`;
  const reason = `The collector worked ${change} under pressure (${figures}).`;
  return { outcome: 'pass', reason, evidence };
}
