// One run of the scenario `request-kinds` on one app of the gallery with one Node: what was found,
// and how soon. The way of `leakbed run request-kinds -- node app.mjs FILE`, without diagnosis.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followChannel } from '../../harness/checkers/channel.ts';
import type { ChannelName } from '../../harness/checkers/experiment-options.ts';
import { leakingKinds, levelsOf } from '../../harness/checkers/inquiry.ts';
import { silent } from '../../harness/progress.ts';
import type { RunRecord } from '../../harness/record.ts';
import { openWorkshop } from '../../harness/repro/workshop.ts';
import { controlClient } from '../../harness/runner/control-client.ts';
import { runScenario } from '../../harness/runner/run-scenario.ts';
import { requestInquiry, requestKinds } from '../../harness/scenarios/request-kinds.ts';
import type { Level } from '../../harness/series/sample.ts';
import { quantile } from '../../harness/stats/quantile.ts';
import type { Finding } from '../../harness/verdict.ts';
import { systemClock } from '../../injectors/determinism.ts';
import { galleryApp } from './planted.ts';

export interface RealAppOptions {
  /** As app.mjs is told it. */
  readonly file: string;
  /** Version of Node, `24` or exact; the one that runs this unless given. */
  readonly node?: string | undefined;
  readonly seed: number;
  /** The fake providers, which such an app has no use for; a run wants them. */
  readonly mocksUrl: string;
  readonly signal: AbortSignal;
}

export interface RealAppResult {
  readonly finding: Finding;
  /** Every channel that leaks, the one the verdict is about first. */
  readonly leaking: readonly string[];
  readonly perRequest: number | null;
  /** The kinds of requests that leak; null where that was not asked. */
  readonly kinds: readonly string[] | null;
  readonly reason: string;
  /** Since the start of the run, the app's own start and the warm-up included. */
  readonly growthSeconds: number | null;
  readonly sustainedSeconds: number | null;
  readonly verdictSeconds: number;
  /** Median of the cycles, as fast as the machine and the app allowed. */
  readonly requestsPerSecond: number;
}

const { work, experiment } = requestInquiry;

/** Its record is kept only where the caller says where; rejects when nothing could be measured. */
export async function runRealApp(options: RealAppOptions): Promise<RealAppResult> {
  const { file, node, seed, mocksUrl, signal } = options;
  const { nodeFile } = await openWorkshop({ packages: [], node, signal });
  const out = await mkdtemp(join(tmpdir(), 'leakbed-real-app-'));
  const startedMs = systemClock.nowMs();
  try {
    const { verdict, record } = await runScenario({
      scenario: { ...requestKinds, isDiagnosed: false },
      scale: 'smoke',
      seed,
      out,
      gateway: { kind: 'command', command: [nodeFile, galleryApp, file], url: undefined },
      control: controlClient(mocksUrl, undefined),
      environment: {},
      token: undefined,
      apiKey: 'leakbed',
      command: `npx leakbed run request-kinds --seed ${seed} -- node ${galleryApp} ${file}`,
      versions: {},
      signal,
      progress: silent,
    });
    const verdictSeconds = (systemClock.nowMs() - startedMs) / 1000;
    signal.throwIfAborted();
    const { finding, resources, reason } = verdict;
    const leaking = resources.filter((channel) => channel.finding === 'leak');
    return {
      finding,
      leaking: leaking.map(({ metric }) => metric),
      perRequest: leaking[0]?.perRequest?.estimate ?? null,
      kinds: kindsIn(record),
      reason,
      growthSeconds: growthSeconds(levelsOf(work, record.levels)),
      sustainedSeconds: finding === 'leak' ? lastSeconds(levelsOf(work, record.levels)) : null,
      verdictSeconds,
      requestsPerSecond: pace(levelsOf(work, record.levels)),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function kindsIn({ levels }: RunRecord): readonly string[] | null {
  if (levelsOf(`${requestInquiry.kinds}-1`, levels).length === 0) return null;
  return leakingKinds(levels, requestInquiry)
    .guilty.map(({ name }) => name)
    .toSorted();
}

/** When the first channel was seen to grow, which need not last. */
function growthSeconds(levels: readonly Level[]): number | null {
  const names = Object.keys(experiment.channels) as ChannelName[];
  const isGrowing = (seen: readonly Level[], name: ChannelName) => {
    const points = seen.flatMap(({ values, totalRequests }) => {
      const value = values[name];
      return value === undefined ? [] : [{ work: totalRequests, value }];
    });
    const rule = experiment.channels[name];
    return followChannel(name, points, rule, experiment, false).stage !== 'watching';
  };
  const accusers = names.filter((name) => experiment.channels[name].role === 'accuse');
  const at = levels.findIndex((_, index) => {
    const seen = levels.slice(0, index + 1);
    return accusers.some((name) => isGrowing(seen, name));
  });
  const level = levels[at];
  return level === undefined ? null : level.timeMs / 1000;
}

function lastSeconds(levels: readonly Level[]): number | null {
  const last = levels.at(-1);
  return last === undefined ? null : last.timeMs / 1000;
}

function pace(levels: readonly Level[]): number {
  const rates = levels.slice(1).map((level, index) => {
    const before = levels[index]?.timeMs ?? 0;
    return (1000 * level.requests) / (level.timeMs - before);
  });
  return Math.round(quantile(rates, 0.5) ?? 0);
}
