// PERF_MEM_REALTIME_LEAK_DETECTION_006: a monitor reads levels while requests are in flight, as in
// production. It must keep quiet in normal work and while a cache fills, and raise an alarm soon
// after the gateway begins to leak.

import { detectionChecker, type Trial } from '../checkers/detection.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { type ExperimentOptions, gatewayExperiment } from '../checkers/experiment-options.ts';
import type { MonitorPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';
import { looksUpTo } from './leak-plan.ts';

interface ScaleSettings {
  readonly quietLevels: number;
  readonly leakLevels: number;
  readonly levelEveryMs: number;
  readonly maxSeconds: number;
  readonly leakBytes: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { quietLevels: 24, leakLevels: 60, levelEveryMs: 250, maxSeconds: 60, leakBytes: 16_384 },
  ci: { quietLevels: 30, leakLevels: 60, levelEveryMs: 800, maxSeconds: 120, leakBytes: 4096 },
  full: {
    quietLevels: 90,
    leakLevels: 90,
    levelEveryMs: 20_000,
    maxSeconds: 1900,
    leakBytes: 1024,
  },
};

/** Growth that stops: of this many requests something is kept, as by a cache that fills. */
const cachedRequests = 60;

const chat = (provider: ProviderName) =>
  chatArm({
    name: `${provider}/stream`,
    provider,
    weight: 1,
    isStreamed: true,
    words: { chunks: 10, bytes: 48 },
  });

const arms = [chat('bedrock'), chat('vertex')];
const warmUpRequests = 400;

/** The plan's own figures; what was reached is told as evidence. */
const limits = { limitSeconds: 1800, toleratedFalseShare: 0.02 };

export const realTimeDetection: Scenario = {
  id: 'real-time-detection',
  title: 'A monitor beside production traffic: quiet while all is well, quick when it leaks',
  covers: ['PERF_MEM_REALTIME_LEAK_DETECTION_006'],
  description:
    'Requests arrive at an even rate while memory is read every few hundred milliseconds, with ' +
    'requests in flight. First nothing is planted, then the gateway is made to fill a cache, then ' +
    'to leak.',
  expectation:
    'No alarm in normal work nor from the cache; the leak is told within 30 minutes, with its ' +
    'resource and rate.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: (scale) => [
    detectionChecker({
      trials: trials(settings[scale]),
      experiment: experimentOf(settings[scale]),
      ...limits,
    }),
    errorsChecker(),
  ],
};

/** A monitor goes on looking; requests in flight make single levels restless. */
const experimentOf = ({ leakLevels }: ScaleSettings): ExperimentOptions => ({
  ...gatewayExperiment,
  looks: looksUpTo(leakLevels),
  confirmCycles: 10,
  requestsBefore: warmUpRequests,
});

function trials({ leakBytes }: ScaleSettings): readonly Trial[] {
  return [
    { phase: 'normal', leak: null },
    { phase: 'growth', leak: null },
    { phase: 'stress', leak: { bytesPerRequest: leakBytes } },
  ];
}

function phases(scale: ScaleSettings): Phase[] {
  const { quietLevels, leakLevels, levelEveryMs, maxSeconds, leakBytes } = scale;
  const monitor = (
    name: string,
    title: string,
    levelCount: number,
    fault?: object,
  ): MonitorPhase => ({
    kind: 'monitor',
    name,
    title,
    arms,
    ratePerSecond: 300,
    shareOfPeak: 0.5,
    seconds: maxSeconds,
    levelCount,
    maxInFlight: 40,
    levelEveryMs,
    experiment: experimentOf(scale),
    ...(fault !== undefined && { faults: [{ fault: 'synthetic-leak', options: { ...fault } }] }),
  });
  const limit = `${cachedRequests * leakBytes}B`;
  return [
    {
      kind: 'cycles',
      name: 'warm-up',
      title: 'as fast as it goes, until code is warm',
      arms,
      userCount: 8,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
      maxSeconds: 60,
      experiment: null,
    },
    monitor('normal', 'normal traffic', quietLevels),
    monitor('growth', 'a cache fills', quietLevels, { bytes: `${leakBytes}B`, limit }),
    monitor('stress', 'the gateway leaks', leakLevels, { bytes: `${leakBytes}B` }),
    { kind: 'rest', name: 'settle', title: 'healed, at rest', seconds: 1, levelCount: 1 },
  ];
}
