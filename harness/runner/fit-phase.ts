// A phase as it suits the process that is measured: how far its memory may rise by garbage alone
// depends on its runtime. The checker does the same with the runtime that the record's head names.

import { fitToRuntime } from '../checkers/garbage.ts';
import type { Phase } from '../scenario.ts';
import type { Subject } from '../subjects/subject.ts';
import { runtimeOf } from './run-header.ts';

export function fitPhase(phase: Phase, subject: Subject): Phase {
  if (!('experiment' in phase) || phase.experiment === null) return phase;
  return { ...phase, experiment: fitToRuntime(runtimeOf(subject), phase.experiment) };
}
