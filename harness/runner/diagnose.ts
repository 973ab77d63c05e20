// When the levels say leak: does the same work once more, under the same faults, and names who
// keeps the memory.

import { syntheticLeak } from '../../injectors/ambient/synthetic-leak.ts';
import { searchArms } from '../checkers/arm-search.ts';
import { armTestPhase } from '../checkers/arms.ts';
import { conclude } from '../checkers/leak-experiment.ts';
import { runLoad } from '../load/load.ts';
import { type Arm, mix } from '../load/workload.ts';
import type { Facts } from '../record.ts';
import type { ArmsPhase, CyclesPhase, MonitorPhase, Phase, Scale, Scenario } from '../scenario.ts';
import type { ResourceFinding } from '../verdict.ts';
import type { RunContext } from './context.ts';
import { fitPhase } from './fit-phase.ts';
import { disturbPhase } from './heal.ts';
import { namePythonSuspects } from './name-python-suspects.ts';
import { nameSuspects } from './name-suspects.ts';
import { settle } from './settled-level.ts';

const limitMs: Readonly<Record<Scale, number>> = { smoke: 20_000, ci: 40_000, full: 120_000 };
/** Bytes that make a leak plain among what is kept by chance, and the requests that may take. */
const plainBytes = 512 * 1024;
const fewestRequests = 150;
const mostRequests = 300;
/** A monitor's requests arrive at a rate; for its diagnosis so many at once will do. */
const monitorUsers = 8;

/** Facts for the record beside the suspects; nothing where there is nothing to explain. */
export async function diagnose(
  scenario: Scenario,
  scale: Scale,
  context: RunContext,
): Promise<Facts> {
  if (scenario.isDiagnosed === false) return {};
  const leaking = leakingWork(scenario.phases(scale), context);
  const { capabilities } = context.subject;
  const isPython = capabilities.has('python-agent');
  if (leaking === null || !(isPython || capabilities.has('inspector'))) return {};
  const { phase, arms } = leaking;
  // tracemalloc tells lines of the application, and what leakbed plants is in none of them.
  if (isPython && phase.faults?.some(({ fault }) => fault === syntheticLeak.name)) return {};
  context.progress.phase('diagnosis', 'profiling and comparing what stays alive');
  const startedMs = context.nowMs();
  await context.control.enterPhase(phase.name);
  // Not journalled again: nothing of this work is evidence.
  await using _faults = await disturbPhase(phase.faults ?? [], { ...context, inject: () => {} });
  const { userCount } = leaking;
  const workload = mix(arms, context.rng.fork('diagnosis'));
  let firstSeq = 0;
  const name = isPython ? namePythonSuspects : nameSuspects;
  const { suspects, cutShort, ...counts } = await name(context.subject, {
    requestCount: leaking.requestCount,
    limitMs: limitMs[scale],
    nowMs: context.nowMs,
    async work(requestCount) {
      const model = { kind: 'closed', userCount, requestCount, firstSeq } as const;
      const plan = { phase: 'diagnosis', workload, model };
      // Rows are not recorded: profiling slows them, and they are no evidence of anything. They are
      // counted, as a leak that was planted goes by them.
      const count = () => {
        context.answered.count += 1;
      };
      await runLoad(context.client, plan, count, context.signal);
      firstSeq += requestCount;
      await settle(context);
    },
  });
  await context.store.update({ suspects: [...suspects] });
  const diagnosisSeconds = Math.round((context.nowMs() - startedMs) / 100) / 10;
  if (cutShort !== null) {
    context.warn(
      `The diagnosis was cut short after ${diagnosisSeconds} s, without ${cutShort}: the gateway ` +
        'is slow or its heap large. A run at --scale full gives it more time.',
    );
  }
  return { ...counts, diagnosisSeconds };
}

interface LeakingWork {
  readonly phase: CyclesPhase | MonitorPhase | ArmsPhase;
  readonly userCount: number;
  /** Of its work what leaks, as far as that is known. */
  readonly arms: readonly Arm[];
  readonly requestCount: number;
}

/** The first phase of which it is proven. */
function leakingWork(
  phases: readonly Phase[],
  { levels, subject }: RunContext,
): LeakingWork | null {
  const levelsOf = (name: string) => levels.filter((level) => level.phase === name);
  for (const phase of phases.map((planned) => fitPhase(planned, subject))) {
    if ((phase.kind === 'cycles' || phase.kind === 'monitor') && phase.experiment !== null) {
      const { finding, channels } = conclude(levelsOf(phase.name), phase.experiment);
      if (finding !== 'growth-sustained') continue;
      const userCount = phase.kind === 'cycles' ? phase.userCount : monitorUsers;
      return { phase, userCount, arms: phase.arms, requestCount: enoughRequests(channels) };
    }
    if (phase.kind === 'arms') {
      const names = phase.arms.map(({ name }) => name);
      const ofTest = (test: number) => levelsOf(armTestPhase(phase.name, test));
      const guilty = searchArms(names, ofTest, phase.search).guilty.map(({ name }) => name);
      if (guilty.length === 0) continue;
      const arms = phase.arms.filter(({ name }) => guilty.includes(name));
      const { userCount } = phase;
      return { phase, userCount, arms, requestCount: mostRequests };
    }
  }
  return null;
}

/** A leak of large things is plain after fewer requests, and need not grow on for its diagnosis. */
function enoughRequests(channels: readonly ResourceFinding[]): number {
  const bytes = channels
    .filter(({ metric }) => metric === 'heapBytes' || metric === 'externalBytes')
    .reduce((sum, { perRequest }) => sum + Math.max(0, perRequest?.estimate ?? 0), 0);
  return Math.min(mostRequests, Math.max(fewestRequests, Math.ceil(plainBytes / bytes)));
}
