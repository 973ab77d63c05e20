// Runs one scenario from set-up to verdict:
//
//   set-up → warm-up → baseline → stress → heal → settle → teardown → analyze
//
// Whatever happens on the way (Ctrl-C, a gateway that dies, a bug of ours), faults are healed and
// processes ended in reverse order of their start, and what was measured is kept and judged.

import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import type { Limits } from '../budget.ts';
import { compose } from '../checkers/compose.ts';
import { observedStore, type RunObserver, tellObservers } from '../observer.ts';
import { allProbes } from '../probes/index.ts';
import type { MetricsTextOptions } from '../probes/metrics-text.ts';
import type { Probe } from '../probes/probe.ts';
import type { LedgerPlace } from '../profiles/profile.ts';
import type { Progress } from '../progress.ts';
import type { Facts, RunRecord } from '../record.ts';
import { readRecord } from '../record-reader.ts';
import {
  type CutRun,
  openRecordStore,
  type RecordStore,
  reopenRecordStore,
} from '../record-store.ts';
import { redactText } from '../redact.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { bringUp, type GatewayChoice } from '../subjects/gateway.ts';
import type { Sink } from '../subjects/sink.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Verdict } from '../verdict.ts';
import { attachProbes, requireNeeds } from './attach-probes.ts';
import type { RunContext } from './context.ts';
import type { ControlClient } from './control-client.ts';
import { tellDashboard } from './dashboard-teller.ts';
import { diagnose } from './diagnose.ts';
import { firstError } from './first-error.ts';
import { gatewayWords } from './gateway-words.ts';
import { keepLedger } from './keep-ledger.ts';
import { tellOfMachine } from './machine-watch.ts';
import { runPhase } from './phase.ts';
import { readQueueFacts } from './queue-facts.ts';
import { gatewayFacts, runHeader } from './run-header.ts';
import { startSampler } from './sampler.ts';
import { stopSignal } from './stop-signal.ts';
import { tellOfProcesses } from './tell-of-processes.ts';
import { warnOnce } from './warn-once.ts';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly scale: Scale;
  readonly seed: number;
  readonly out: string;
  readonly gateway: GatewayChoice;
  readonly control: ControlClient;
  /** Variables that a gateway is started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly apiKey: string;
  /** The command that repeats this run. */
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Aborted to cut the run short; its reason is a sentence for the record. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Where its billing goes, where that was named. */
  readonly sink?: Sink;
  /** Where what it billed is written, where that was named; the subject's own otherwise. */
  readonly ledger?: LedgerPlace;
  /** Seconds to wait for growth to be given back; the scenario's own unless given. */
  readonly releaseWatchSeconds?: number;
  /** What the run must keep to. */
  readonly limits?: Limits;
  /** Goes on with this run instead of beginning one. */
  readonly resume?: CutRun;
  /** All of leakbed's unless some have nothing to look at. */
  readonly probes?: readonly Probe[];
  /** Who is told while it goes. */
  readonly observers?: readonly RunObserver[];
}

export interface RunResult {
  readonly dir: string;
  readonly record: RunRecord;
  readonly verdict: Verdict;
}

/** The end of a child is told within 200 ms, that of another process is looked for as often. */
const endNoticeMs = 1_000;

/** Rejects only before anything was measured: no gateway, no folder to write to. */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { out, resume } = options;
  const written =
    resume === undefined
      ? await openRecordStore({ out, header: runHeader(options) })
      : await reopenRecordStore(resume);
  const warn = (text: string) => options.progress.warn(text);
  await using teller = tellDashboard(options.control, options, warn);
  const told = tellObservers([teller.observer, ...(options.observers ?? [])], warn);
  told.began(written.header);
  const store = observedStore(written, told);
  let started = false;
  let interrupted: string | null = null;
  try {
    await execute(options, store, () => {
      started = true;
    });
  } catch (error) {
    if (!started && !options.signal.aborted) {
      await store.discard();
      throw error;
    }
    interrupted = reasonOf(error, options.signal);
  }
  const endedAt = systemClock.wallTime().toISOString();
  await store.finish({ header: { ...store.header, endedAt }, interrupted });
  const record = await readRecord(store.dir);
  const verdict = compose(record, options.scenario.checkers(options.scale));
  told.judged(verdict);
  return { dir: store.dir, record, verdict };
}

async function execute(
  options: RunOptions,
  store: RecordStore,
  onStarted: () => void,
): Promise<void> {
  const { progress, scenario, seed } = options;
  const nowMs = clockOf(store);
  await using stack = new AsyncDisposableStack();
  const warn = warnOnce(store, progress);
  stack.use(tellOfMachine(warn));

  progress.phase('set-up', 'starting the gateway');
  await options.control.health();
  const subject = stack.use(await bringUp(options.gateway, aroundOf(options)));
  requireNeeds(scenario, subject);
  stack.use(tellOfProcesses(subject, warn));
  const stopping = stack.use(stopSignal(options.signal, subject));
  const words = gatewayWords(options.gateway, aroundOf(options));
  const all = probesFor(options, words.depthMetric);
  const probes = await attachProbes(all, subject, nowMs, stack, warn);
  const client = stack.use(words.openClient(subject.url, store.header.id, nowMs));
  const context: RunContext = {
    store,
    subject,
    probes,
    client,
    control: options.control,
    ...(options.sink !== undefined && { sink: options.sink }),
    rng: seededRng(seed),
    seed,
    progress,
    nowMs,
    releaseWatchSeconds: options.releaseWatchSeconds,
    signal: stopping.signal,
    answered: { count: 0, perSecond: Number.POSITIVE_INFINITY },
    phases: [...(store.earlier?.phases ?? [])],
    levels: [],
    warn,
    inject: (injection) => void store.injection(injection),
  };
  await store.update({ header: { ...store.header, gateway: gatewayFacts(subject) } });
  const facts: Record<string, Facts[string]> = {};
  const before = await readQueueFacts(subject.url, words.queueMetrics);
  onStarted();
  const sampler = startSampler(probes, store, nowMs, (error) => {
    if (!stopping.signal.aborted) warn(error instanceof Error ? error.message : String(error));
  });
  stack.use(sampler);
  try {
    for (const phase of scenario.phases(options.scale)) await runPhase(phase, context);
    const after = await readQueueFacts(subject.url, words.queueMetrics);
    if (after !== null && before !== null) {
      facts.queueLimit = after.limit;
      facts.billed = after.written - before.written;
    }
    // A diagnosis stops the gateway for seconds: what is sampled then is no evidence.
    await sampler[Symbol.asyncDispose]();
    Object.assign(facts, await diagnosed(options, context));
  } catch (error) {
    // A dying gateway breaks its connections before the kernel tells of its end.
    if (!options.signal.aborted) await Promise.race([subject.ended, sleep(endNoticeMs)]);
    if (stopping.gatewayEnded() === null) throw error;
  } finally {
    Object.assign(facts, await keepRemains(options, subject, stopping.gatewayEnded(), store, warn));
    await store.update({ facts });
    progress.phase('teardown', 'healing and stopping');
  }
}

/** All was measured by now; naming the culprits is an extra that must not spoil the verdict. */
async function diagnosed({ scenario, scale }: RunOptions, context: RunContext): Promise<Facts> {
  try {
    return await diagnose(scenario, scale, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.warn(`Cannot name suspects: ${reasonOf(error, context.signal)}`);
    return {};
  }
}

/** What is left of the gateway: how it ended, its last words where leakbed has them, its bills. */
async function keepRemains(
  { scenario, ledger: named }: RunOptions,
  subject: Subject,
  gatewayEnded: string | null,
  store: RecordStore,
  warn: (text: string) => void,
): Promise<Facts> {
  if (subject.capabilities.has('restart')) {
    await store.write('gateway.log', `${redactText(subject.lastOutput())}\n`);
  }
  const end = gatewayEnded === null ? {} : { gatewayEnded };
  const ledger = named ?? subject.ledger;
  if (scenario.readsLedger !== true || ledger === undefined) return end;
  return { ...end, ...(await keepLedger(ledger, store, warn)) };
}

/** Milliseconds since the run began; a resumed one began when it was first started. */
function clockOf({ earlier, header }: RecordStore): () => number {
  const sinceMs = systemClock.wallTime().getTime() - Date.parse(header.startedAt);
  const startedMs = systemClock.nowMs() - (earlier === null ? 0 : sinceMs);
  return () => systemClock.nowMs() - startedMs;
}

function probesFor(
  { probes, scenario, scale }: RunOptions,
  metricsText: MetricsTextOptions | null,
): readonly Probe[] {
  const inspector = { steadyCompiler: scenario.steadyCompiler === true };
  return probes ?? allProbes({ inspector, census: { atLevels: scale === 'full' }, metricsText });
}

function aroundOf({ control, environment, token, apiKey, signal, progress }: RunOptions) {
  const onInstall = (what: string) => progress.phase('set-up', what);
  return { mocksUrl: control.url, environment, token, apiKey, signal, onInstall };
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  const cause = signal.aborted ? signal.reason : firstError(error);
  return cause instanceof Error ? cause.message : String(cause);
}
