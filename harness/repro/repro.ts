// A reproduction: one unit of SDK work, the packages it needs, the fault that makes it leak, and
// what is known of it. Entries of the museum are such data; a user's module becomes one too.

import { type Fault, parseFaultWords } from '../../injectors/plan.ts';
import type { Checker } from '../checkers/checker.ts';
import { errorsChecker } from '../checkers/errors.ts';
import {
  type ChannelRule,
  type ExperimentOptions,
  exactExperiment,
} from '../checkers/experiment-options.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Arm } from '../load/workload.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import type { Finding } from '../verdict.ts';

export interface Repro {
  readonly slug: string;
  readonly title: string;
  /** What the unit is written in; absent: JavaScript for Node. */
  readonly language?: 'node' | 'python';
  /** file:// URL of the module: its default export, in Python its `unit`, is one unit of work. */
  readonly unit: URL;
  /** The export that is the unit, where it is another one. */
  readonly exported?: string;
  /** With these it leaks. */
  readonly packages: readonly string[];
  /** With these in place of those of the same name it does not; absent where nothing mends it. */
  readonly fixed?: readonly string[];
  /** The Node version it was published for; absent: the one that leakbed runs on. */
  readonly node?: string;
  /** What the fake providers do beside what the unit asks of them, in words: `truncate;at=50%`. */
  readonly faults?: readonly string[];
  /** The same as data, which can say of which requests. */
  readonly plan?: readonly Fault[];
  /** Where it was published; absent for a module of the user's. */
  readonly reference?: string;
  /** What was published about its size. */
  readonly published?: string;
  /** What the unit does to make it happen. */
  readonly trigger: string;
  /** Growth per call that is another matter than this leak; absent: 64 bytes and 0.001 handles. */
  readonly tolerates?: { readonly bytes?: number; readonly handles?: number };
  /** What is kept comes back by itself after this time; absent: never. */
  readonly releaseSeconds?: number;
  /** Units at a time; more than one hides what needs an order. */
  readonly users?: number;
  /** Units of a cycle; slow units need fewer. */
  readonly perCycle?: readonly [low: number, high: number];
  /** How long the judged work may go on; absent: as the scale says. */
  readonly maxSeconds?: number;
  /** A run that could have missed a leak of so many bytes per call says nothing; absent: 512. */
  readonly resolutionBytes?: number;
}

/** What a published leak is found to be by who rests that long after the work. */
export function publishedFinding(
  { releaseSeconds = Number.POSITIVE_INFINITY }: Repro,
  restSeconds: number,
): Finding {
  return restSeconds > releaseSeconds ? 'bounded' : 'leak';
}

const work: Arm = { name: 'unit', weight: 1, make: () => ({ kind: 'models' }) };

const warmUpRequests = 400;
/** With V8's optimiser off the heap at rest moves by a few bytes per unit of work. */
const usualBytes = 64;

function experimentFor({ tolerates, resolutionBytes }: Partial<Repro>): ExperimentOptions {
  const { bytes = usualBytes, handles = 0 } = tolerates ?? {};
  const rules = exactExperiment.channels;
  return {
    ...exactExperiment,
    looks: [7, 9, 11, 13, 16, 20, 25, 32, 40],
    confirmCycles: 6,
    requestsBefore: warmUpRequests,
    channels: {
      ...rules,
      heapBytes: atMost(resolutionBytes, atLeast(bytes, rules.heapBytes)),
      externalBytes: atMost(resolutionBytes, atLeast(bytes, rules.externalBytes)),
      // Seen from outside, in pages.
      anonBytes: atLeast(2 * bytes, rules.anonBytes),
      nativeBytes: atLeast(2 * bytes, rules.nativeBytes),
      fdCount: atLeast(handles, rules.fdCount),
      socketCount: atLeast(handles, rules.socketCount),
      handleCount: atLeast(handles, rules.handleCount),
    },
  };
}

/** The rule, but so coarse that what is tolerated is clean. */
function atLeast(tolerated: number, rule: ChannelRule): ChannelRule {
  const deltaClean = Math.max(rule.deltaClean, tolerated);
  return {
    ...rule,
    delta: Math.max(rule.delta, (3 / 4) * tolerated),
    deltaClean,
    maxResolution: Math.max(rule.maxResolution, 2 * deltaClean),
  };
}

/** The rule, but nothing is clean that was not seen as exactly. */
function atMost(maxResolution: number | undefined, rule: ChannelRule): ChannelRule {
  return maxResolution === undefined ? rule : { ...rule, maxResolution };
}

/** The scenario that every repro is, in records. */
export const reproId = 'repro';

/** A record's title begins with the name of its entry. */
export const reproTitle = (slug: string, label: string) => `${slug}: ${label}`;
export const slugOfTitle = (title: string) => title.split(':')[0] ?? '';

export function reproCheckers(repro: Partial<Repro> = {}): readonly Checker[] {
  return [leakChecker({ experiment: experimentFor(repro) }), errorsChecker()];
}

const secondsBetweenLooks = 30;
const secondsAtMost: Readonly<Record<Scale, number>> = { smoke: 45, ci: 90, full: 1200 };

export interface ReproRun {
  readonly label: string;
  readonly restSeconds: number;
  readonly isDiagnosed: boolean;
}

/** The repro as a scenario: warm up, work in cycles, and where that leaks, rest. */
export function reproScenario(
  repro: Repro,
  { label, restSeconds, isDiagnosed }: ReproRun,
): Scenario {
  const { users = 4, perCycle = [60, 180] } = repro;
  const experiment = experimentFor(repro);
  const cycles = { kind: 'cycles', arms: [work], userCount: users } as const;
  const faults = [...(repro.faults ?? []).map(parseFaultWords), ...(repro.plan ?? [])];
  const phases = (scale: Scale): readonly Phase[] => [
    {
      ...cycles,
      name: 'warm-up',
      title: 'units of work until code and caches are warm',
      faults,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
      maxSeconds: 60,
      experiment: null,
    },
    {
      ...cycles,
      name: 'stress',
      title: repro.trigger,
      faults,
      requestsPerCycle: perCycle,
      maxCycles: 40,
      maxSeconds: repro.maxSeconds ?? secondsAtMost[scale],
      experiment,
    },
    {
      kind: 'watch',
      name: 'release',
      title: `at rest for up to ${restSeconds} s, to see whether it is given back`,
      after: 'stress',
      experiment,
      seconds: restSeconds,
      levelCount: Math.max(2, Math.ceil(restSeconds / secondsBetweenLooks)),
    },
  ];
  return {
    id: reproId,
    title: label,
    covers: [],
    description: `${repro.title}. ${repro.trigger}`,
    expectation: 'Nothing that a unit of work used is kept once it is over.',
    needs: ['procfs', repro.language === 'python' ? 'python-agent' : 'inspector'],
    isDiagnosed,
    phases,
    checkers: () => reproCheckers(repro),
  };
}
