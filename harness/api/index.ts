// What a program imports as `leakbed`: assertions and fake providers for its own tests, and the
// types of plans, scenarios, probes and verdicts. It runs on the Node of who imports it, from 20.15
// on, and so does all that it loads; the work is done by a leakbed process on the pinned Node.

export type { Fault, FaultMatch, FaultPlan, FaultWindow } from '../../injectors/plan.ts';
export type { JournalEntry } from '../../mocks/journal.ts';
export type { AttachedProbe, Probe, Reading } from '../probes/probe.ts';
export type { Phase, Scale, Scenario } from '../scenario.ts';
export type {
  Finding,
  Outcome,
  RatePerRequest,
  ResourceFinding,
  Suspect,
  Verdict,
} from '../verdict.ts';
export { assertNoLeak, type LeakError } from './assert-no-leak.ts';
export { type LeakVerdict, type MeasureOptions, measureLeak } from './measure-leak.ts';
export { type HandlerRequest, requestsTo } from './requests-to.ts';
export { type Mocks, type MocksOptions, startMocks } from './start-mocks.ts';
export type { UnitContext, UnitOfWork } from './unit.ts';
