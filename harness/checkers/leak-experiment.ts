// The leak experiment's decision: asked after every cycle of work, it answers go on, or a finding.
// Pure: levels in, state out. The method and its measured error rates are in README.md; the source
// of the looks and thresholds is the prototype measured there.

import type { Level } from '../series/sample.ts';
import type { Finding, ResourceFinding } from '../verdict.ts';
import { type ChannelHistory, followChannel, type Point } from './channel.ts';
import { sentenceOf } from './channel-sentence.ts';
import type { ChannelName, ChannelRule, ExperimentOptions } from './experiment-options.ts';
import { rankResources } from './rank-resources.ts';

export type ExperimentFinding = 'clean' | 'growth-sustained' | 'growth-saturating' | 'undecided';

/** `channels` are ranked: the one the finding is about comes first. */
export type ExperimentState =
  | { readonly state: 'continue'; readonly channels: readonly ResourceFinding[] }
  | {
      readonly state: 'decided';
      readonly finding: ExperimentFinding;
      readonly channels: readonly ResourceFinding[];
    };

/** The verdict's word for what the experiment found. */
export const findingOf: Readonly<Record<ExperimentFinding, Finding>> = {
  clean: 'clean',
  'growth-sustained': 'leak',
  'growth-saturating': 'bounded',
  undecided: 'undecided',
};

interface Judged extends ChannelHistory {
  readonly rule: ChannelRule;
  readonly isAccuser: boolean;
  /** Growth that may be garbage, as nobody could have it collected before the levels were read. */
  readonly mayBeGarbage: boolean;
}

/** After a cycle: go on, or stop because the levels suffice. */
export function decide(levels: readonly Level[], options: ExperimentOptions): ExperimentState {
  const channels = follow(levels, options, false);
  const accusers = channels.filter((channel) => channel.isAccuser);
  const found = (finding: ExperimentFinding): ExperimentState => ({
    state: 'decided',
    finding,
    channels: report(channels, options),
  });
  if (accusers.some(isLeak)) {
    const first = Math.min(...accusers.filter(isLeak).map((channel) => channel.since));
    const isWaiting = accusers.some((channel) => channel.stage === 'growing');
    const waited = Math.max(...accusers.map((channel) => channel.count)) - first;
    if (!isWaiting || waited >= options.patienceCycles) return found('growth-sustained');
  } else if (levels.length >= options.minCleanCycles && accusers.length > 0) {
    const isFlat = accusers.every(
      ({ stage, rate, rule }) =>
        stage === 'watching' && rate !== null && rate.high <= rule.deltaClean,
    );
    const isSurging = channels.some(({ stage, rate, rule }) => {
      return stage === 'growing' && rate !== null && rate.low >= rule.overwhelming;
    });
    if (isFlat && !isSurging)
      return found(accusers.some(isBounded) ? 'growth-saturating' : 'clean');
  }
  return { state: 'continue', channels: report(channels, options) };
}

/** When no further cycle will come: the finding that the levels so far allow. */
export function conclude(
  levels: readonly Level[],
  options: ExperimentOptions,
): Extract<ExperimentState, { state: 'decided' }> {
  const early = decide(levels, options);
  if (early.state === 'decided') return early;
  const channels = follow(levels, options, true);
  const findings = channels.filter((channel) => channel.isAccuser).map(channelFinding);
  const finding: ExperimentFinding = findings.includes('leak')
    ? 'growth-sustained'
    : findings.length === 0 || findings.includes('undecided')
      ? 'undecided'
      : findings.includes('bounded')
        ? 'growth-saturating'
        : 'clean';
  return { state: 'decided', finding, channels: report(channels, options) };
}

function follow(
  levels: readonly Level[],
  options: ExperimentOptions,
  isLast: boolean,
): readonly Judged[] {
  const names = Object.keys(options.channels) as ChannelName[];
  const isMeasured = (name: ChannelName) => levels.some(({ values }) => values[name] !== undefined);
  // Resident memory with its file pages is asked only where nothing tells them apart.
  const resident: ChannelName = isMeasured('anonBytes') ? 'anonBytes' : 'rssBytes';
  const measured = names.filter(
    (name) => isMeasured(name) && (name !== 'rssBytes' || name === resident),
  );
  const hasLiveHeap = measured.includes('heapBytes') || measured.includes('pythonBlocks');
  return measured.map((name) => {
    const rule = options.channels[name];
    const history = followChannel(name, pointsOf(levels, name), rule, options, isLast);
    const { stage, rate } = history;
    const isOverwhelming = stage === 'sustained' && rate !== null && rate.low >= rule.overwhelming;
    // Without the live heap resident memory is the only witness; it then accuses at its own,
    // coarser thresholds. nativeBytes cannot be had without the heap.
    const isSoleWitness = name === resident && !hasLiveHeap;
    return {
      ...history,
      rule,
      mayBeGarbage: false,
      ...(isSoleWitness && seenFromOutside(history, pointsOf(levels, name), options)),
      isAccuser: rule.role === 'accuse' || isSoleWitness || isOverwhelming,
    };
  });
}

function pointsOf(levels: readonly Level[], name: ChannelName): readonly Point[] {
  return levels.flatMap((level) => {
    const value = level.values[name];
    if (value === undefined || !Number.isFinite(value)) return [];
    return [{ work: level.totalRequests, value }];
  });
}

function isLeak(channel: Judged): boolean {
  return channel.isAccuser && channel.stage === 'sustained' && !channel.mayBeGarbage;
}

/** What resident memory can say of a process whose garbage nobody had collected. */
function seenFromOutside(
  { resolution }: ChannelHistory,
  points: readonly Point[],
  { garbage }: ExperimentOptions,
): Pick<Judged, 'mayBeGarbage' | 'resolution'> {
  const [first = { work: 0, value: 0 }] = points;
  const last = points.at(-1) ?? first;
  const limit = Math.max(garbage.leastBytes, garbage.shareOfFirst * first.value);
  const hidden = garbage.hiddenBytes / Math.max(1, last.work);
  return {
    mayBeGarbage: last.value - first.value < limit,
    resolution: resolution === null ? null : Math.max(resolution, hidden),
  };
}

function isBounded(channel: Judged): boolean {
  return channel.stoppedRise >= channel.rule.boundedRise;
}

/** What a channel amounts to by itself, were this the end. */
function channelFinding(channel: Judged): Finding {
  if (isLeak(channel)) return 'leak';
  const { stage, rate, resolution, rule } = channel;
  if (stage !== 'watching' || rate === null || resolution === null) return 'undecided';
  if (resolution > rule.maxResolution) return 'undecided';
  return isBounded(channel) ? 'bounded' : 'clean';
}

function report(
  channels: readonly Judged[],
  options: ExperimentOptions,
): readonly ResourceFinding[] {
  const hasLeak = channels.some(isLeak);
  return rankResources(
    channels.map((channel) => {
      // Resident memory that grows beside a proven leak is that leak, seen from outside.
      const isShadow = hasLeak && !channel.isAccuser && channel.stage === 'sustained';
      const finding = isShadow ? 'leak' : channelFinding(channel);
      return {
        metric: channel.metric,
        finding,
        perRequest: channel.rate,
        resolution: channel.resolution,
        exponent: channel.exponent,
        reason: `${sentenceOf(channel, finding)}${garbageNote(channel, finding, options)}`,
      };
    }),
  );
}

function garbageNote(
  { mayBeGarbage, stage }: Judged,
  finding: Finding,
  { garbage }: ExperimentOptions,
): string {
  if (!mayBeGarbage || finding !== 'undecided' || stage === 'watching') return '';
  return (
    ' No garbage could be collected before these readings, so this may be garbage. ' +
    `${garbage.remedy}, or run longer (--scale ci).`
  );
}
