// How good is the detector on this very gateway? Trials with a leak that leakbed planted, with
// growth that stops, and with nothing: each must be told for what it is, soon enough. The levels of
// a trial are replayed in order, so an alarm is raised where a monitor would have raised it.
// Source: PERF_MEM_AUTOMATED_PROFILING_001 and PERF_MEM_REALTIME_LEAK_DETECTION_006.

import type { RunRecord } from '../record.ts';
import { type MetricName, metrics } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import type { Evidence, ResourceFinding, Suspect } from '../verdict.ts';
import { amount } from './channel-sentence.ts';
import type { Checker, Judgement } from './checker.ts';
import type { ChannelName, ExperimentOptions } from './experiment-options.ts';
import { fitToRuntime } from './garbage.ts';
import { conclude, decide, findingOf } from './leak-experiment.ts';

export interface Trial {
  /** Its phase in the record. */
  readonly phase: string;
  /** What was planted, or null where no alarm may come: nothing, or growth that stops. */
  readonly leak: { readonly bytesPerRequest: number } | null;
}

export interface DetectionOptions {
  readonly trials: readonly Trial[];
  /** Must be what the runner decided with, else the two may differ. */
  readonly experiment: ExperimentOptions;
  /** The plan's limits: 15 min and 5 %, or 30 min and 2 %. */
  readonly limitSeconds: number;
  readonly toleratedFalseShare: number;
}

interface Tried extends Trial {
  readonly levels: readonly Level[];
  readonly alarm: {
    readonly seconds: number;
    readonly requests: number;
    readonly resource: ResourceFinding;
  } | null;
}

export function detectionChecker(options: DetectionOptions): Checker {
  return { name: 'detection', needs: [], check: (record) => judge(record, options) };
}

function judge(record: RunRecord, options: DetectionOptions): Judgement {
  const experiment = fitToRuntime(record.header.gateway.runtime, options.experiment);
  const tried = options.trials.map((trial) => replay(trial, record, experiment));
  const planted = tried.filter(({ leak }) => leak !== null);
  const innocent = tried.filter(({ leak }) => leak === null);
  const untried = tried.filter(({ levels }) => levels.length < experiment.minWindow);
  const unseen = planted.filter(({ alarm }) => alarm === null);
  const [missed, blurred] = [
    unseen.filter((trial) => couldSee(trial, experiment)),
    unseen.filter((trial) => !couldSee(trial, experiment)),
  ];
  const late = planted.filter(({ alarm }) => (alarm?.seconds ?? 0) > options.limitSeconds);
  const alarms = innocent.filter(({ alarm }) => alarm !== null);
  const falseShare = alarms.length / Math.max(1, innocent.length);
  const isTooAlarmed = falseShare > options.toleratedFalseShare;
  const own = ownGrowth(innocent, experiment);
  const complaints = [
    ...(isTooAlarmed ? alarms.map(alarmSentence) : []),
    ...missed.map(({ phase, levels }) => `${phase}: no alarm in ${levels.length} levels.`),
    ...late.map(({ phase, alarm }) => `${phase}: the alarm came after ${alarm?.seconds} s.`),
  ];
  const evidence = [...evidenceOf(tried, falseShare), ...placesOf(record.suspects)];
  // Of what was planted nobody is suspected but leakbed.
  const suspects = alarms.length > 0 ? record.suspects : [];
  const found = { evidence, warnings: [], suspects, ...own };
  if (complaints.length > 0) return { ...found, outcome: 'fail', reason: complaints.join(' ') };
  if (untried.length > 0) {
    const reason = `Too few levels in ${untried.map(({ phase }) => phase).join(', ')} to judge it.`;
    return { ...found, outcome: 'inconclusive', reason };
  }
  if (blurred.length > 0) {
    const reason =
      `Memory moved too much in ${blurred.map(({ phase }) => phase).join(', ')} to see what was ` +
      'planted. Run it on a quieter machine, or longer (--scale ci).';
    return { ...found, outcome: 'inconclusive', reason };
  }
  const slowest = Math.max(0, ...planted.map(({ alarm }) => alarm?.seconds ?? 0));
  const reason =
    `${planted.length} of ${planted.length} planted leaks were found within ` +
    `${slowest.toFixed(1)} s, and ${innocent.length - alarms.length} of ${innocent.length} ` +
    'stretches without one raised no alarm.';
  return { ...found, outcome: 'pass', reason };
}

function replay(trial: Trial, record: RunRecord, experiment: ExperimentOptions): Tried {
  const levels = record.levels.filter(({ phase }) => phase === trial.phase);
  const startMs = record.phases.find(({ name }) => name === trial.phase)?.startMs ?? 0;
  for (let count = experiment.minWindow; count <= levels.length; count++) {
    const judged = decide(levels.slice(0, count), experiment);
    if (judged.state !== 'decided' || judged.finding !== 'growth-sustained') continue;
    const [level, resource] = [levels[count - 1], judged.channels[0]];
    if (level === undefined || resource === undefined) break;
    const seconds = Math.round((level.timeMs - startMs) / 100) / 10;
    return { ...trial, levels, alarm: { seconds, requests: level.totalRequests, resource } };
  }
  return { ...trial, levels, alarm: null };
}

/** Whether a leak of the planted size would have stood out of the levels' own movement. */
function couldSee({ leak, levels }: Tried, experiment: ExperimentOptions): boolean {
  if (levels.length < experiment.minWindow) return false;
  const noise = conclude(levels, experiment).channels.flatMap(({ metric, perRequest }) =>
    experiment.channels[metric as ChannelName]?.role === 'accuse' && perRequest !== null
      ? [perRequest.estimate - perRequest.low]
      : [],
  );
  const bytes = leak?.bytesPerRequest ?? 0;
  return noise.length > 0 && noise.every((width) => width < bytes);
}

/** What the stretches in which nothing was planted say of the gateway itself. */
function ownGrowth(innocent: readonly Tried[], experiment: ExperimentOptions) {
  const alarmed = innocent.find(({ alarm }) => alarm !== null) ?? innocent[0];
  if (alarmed === undefined || alarmed.levels.length < experiment.minWindow) return {};
  const { finding, channels } = conclude(alarmed.levels, experiment);
  return { finding: findingOf[finding], resources: channels };
}

function alarmSentence({ phase, alarm }: Tried): string {
  if (alarm === null) return '';
  const rate = rateOf(alarm.resource);
  return (
    `${phase}: an alarm after ${alarm.seconds} s, though nothing was planted that leaks: ` +
    `${alarm.resource.metric} grows by ${rate} per request. If streaming-connections says so as ` +
    'well, the gateway itself leaks.'
  );
}

function rateOf({ metric, perRequest }: ResourceFinding): string {
  return perRequest === null ? '?' : amount(perRequest.estimate, metrics[metric].unit);
}

function evidenceOf(tried: readonly Tried[], falseShare: number): Evidence[] {
  return [
    ...tried.flatMap(({ phase, leak, alarm }): Evidence[] => {
      if (alarm === null) return [{ label: phase, value: 'no alarm' }];
      const { seconds, requests, resource } = alarm;
      const { estimate } = resource.perRequest ?? { estimate: Number.NaN };
      const metric: MetricName = resource.metric;
      return [
        { label: `${phase}: alarm after`, value: seconds, unit: 's' },
        { label: `${phase}: alarm after`, value: requests, unit: 'requests' },
        { label: `${phase}: told`, value: `${metric} ${rateOf(resource)} per request` },
        ...(leak === null
          ? []
          : [
              {
                label: `${phase}: rate told`,
                value: estimate / leak.bytesPerRequest,
                unit: '× planted',
              },
            ]),
      ];
    }),
    { label: 'false alarms', value: falseShare, unit: 'share' },
  ];
}

/** What the diagnosis of the first stretch with an alarm came to. */
function placesOf(suspects: readonly Suspect[]): Evidence[] {
  return suspects.map(({ name, kind, file, line, bytesPerRequest }) => ({
    label: `named by the diagnosis (${kind})`,
    value: `${name} (${file}:${line}), ${amount(bytesPerRequest, 'bytes')} per request`,
  }));
}
