// When the levels say leak: does the same work once more and names who keeps the memory.

import { conclude } from '../checkers/leak-experiment.ts';
import { runLoad } from '../load/load.ts';
import { mix } from '../load/workload.ts';
import type { Facts } from '../record.ts';
import type { Scale, Scenario } from '../scenario.ts';
import type { RunContext } from './context.ts';
import { namePythonSuspects } from './name-python-suspects.ts';
import { nameSuspects } from './name-suspects.ts';

const requestCount = 300;

/** Facts for the record beside the suspects; nothing where there is nothing to explain. */
export async function diagnose(
  scenario: Scenario,
  scale: Scale,
  context: RunContext,
): Promise<Facts> {
  if (scenario.isDiagnosed === false) return {};
  const phase = scenario.phases(scale).find(({ name }) => name === 'stress');
  if (phase?.kind !== 'cycles' || phase.experiment === null) return {};
  const levels = context.levels.filter((level) => level.phase === phase.name);
  if (conclude(levels, phase.experiment).finding !== 'growth-sustained') return {};
  const { capabilities } = context.subject;
  const isPython = capabilities.has('python-agent');
  if (!isPython && !capabilities.has('inspector')) return {};
  context.progress.phase('diagnosis', 'profiling and comparing what stays alive');
  const startedMs = context.nowMs();
  const { userCount } = phase;
  const workload = mix(phase.arms, context.rng.fork('diagnosis'));
  let firstSeq = 0;
  const name = isPython ? namePythonSuspects : nameSuspects;
  const { suspects, ...counts } = await name(context.subject, {
    requestCount,
    nowMs: context.nowMs,
    async work(count) {
      const model = { kind: 'closed', userCount, requestCount: count, firstSeq } as const;
      const plan = { phase: 'diagnosis', workload, model };
      // Rows are not recorded: profiling slows them, and they are no evidence of anything.
      await runLoad(context.client, plan, () => undefined, context.signal);
      firstSeq += count;
    },
  });
  await context.store.update({ suspects: [...suspects] });
  return { ...counts, diagnosisSeconds: Math.round((context.nowMs() - startedMs) / 100) / 10 };
}
