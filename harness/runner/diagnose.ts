// When the levels say leak: runs the same work once more under a sampling heap profile, which
// names the functions whose allocations are still alive.

import { conclude } from '../checkers/leak-experiment.ts';
import { runLoad } from '../load/load.ts';
import { mix } from '../load/workload.ts';
import { startHeapProfile } from '../probes/heap-profile.ts';
import type { Scale, Scenario } from '../scenario.ts';
import type { RunContext } from './context.ts';

const requestCount = 300;

export async function diagnose(
  scenario: Scenario,
  scale: Scale,
  context: RunContext,
): Promise<void> {
  const phase = scenario.phases(scale).find(({ name }) => name === 'stress');
  if (phase?.kind !== 'cycles' || phase.experiment === null) return;
  const levels = context.levels.filter((level) => level.phase === phase.name);
  if (conclude(levels, phase.experiment).finding !== 'growth-sustained') return;
  if (!context.subject.capabilities.has('inspector')) return;
  context.progress.phase('diagnosis', 'profiling what stays alive');
  await using profile = await startHeapProfile(context.subject, context.nowMs);
  const { userCount } = phase;
  const model = { kind: 'closed', userCount, requestCount } as const;
  const workload = mix(phase.arms, context.rng.fork('diagnosis'));
  // These rows are not recorded: profiling slows them, and they are no evidence of anything.
  await runLoad(
    context.client,
    { phase: 'diagnosis', workload, model },
    () => undefined,
    context.signal,
  );
  await context.store.update({ suspects: await profile.stop(requestCount) });
}
