// After a fault was healed: how long until the gateway answers again? One undisturbed request after
// the other, until one is answered in full. The rows tell when that was.

import { sleep } from '../../injectors/determinism.ts';
import { runLoad } from '../load/load.ts';
import { mix } from '../load/workload.ts';
import type { AnswerPhase } from '../scenario.ts';
import type { RunContext } from './context.ts';

const pauseMs = 20;

/** Rejects when none came in time: what is measured after that would be an after-effect. */
export async function awaitAnswer(phase: AnswerPhase, context: RunContext): Promise<void> {
  const startedMs = context.nowMs();
  const workload = mix(phase.arms, context.rng.fork(`${phase.name}:${context.phases.length}`));
  for (let firstSeq = 0; ; firstSeq += 1) {
    const model = { kind: 'closed', userCount: 1, requestCount: 1, firstSeq } as const;
    const { outcomes } = await runLoad(
      context.client,
      { phase: phase.name, workload, model },
      (row) => void context.store.request(row),
      context.signal,
    );
    context.signal.throwIfAborted();
    if (outcomes.ok > 0) return;
    if (context.nowMs() - startedMs > phase.maxSeconds * 1000) {
      throw new Error(
        `Cannot go on after ${phase.name}: no request was answered within ${phase.maxSeconds} s.`,
      );
    }
    await sleep(pauseMs, context.signal);
  }
}
