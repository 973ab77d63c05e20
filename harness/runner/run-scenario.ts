// Runs one scenario from set-up to verdict:
//
//   set-up → warm-up → baseline → stress → heal → settle → teardown → analyze
//
// Whatever happens on the way (Ctrl-C, a gateway that dies, a bug of ours), faults are healed and
// processes ended in reverse order of their start, and what was measured is kept and judged.

import { seededRng, sleep, systemClock } from '../../injectors/determinism.ts';
import { compose } from '../checkers/compose.ts';
import { allProbes } from '../probes/index.ts';
import type { MetricsTextOptions } from '../probes/metrics-text.ts';
import type { AttachedProbe, Probe } from '../probes/probe.ts';
import type { Progress } from '../progress.ts';
import type { Facts, RunRecord } from '../record.ts';
import { readRecord } from '../record-reader.ts';
import { openRecordStore, type RecordStore } from '../record-store.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { bringUp, type GatewayChoice } from '../subjects/gateway.ts';
import type { Sink } from '../subjects/sink.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Verdict } from '../verdict.ts';
import type { RunContext } from './context.ts';
import type { ControlClient } from './control-client.ts';
import { diagnose } from './diagnose.ts';
import { firstError } from './first-error.ts';
import { gatewayWords } from './gateway-words.ts';
import { tellOfMachine } from './machine-watch.ts';
import { runPhase } from './phase.ts';
import { readQueueFacts } from './queue-facts.ts';
import { gatewayFacts, runHeader } from './run-header.ts';
import { startSampler } from './sampler.ts';

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
  /** Seconds to wait for growth to be given back; the scenario's own unless given. */
  readonly releaseWatchSeconds?: number;
  /** All of leakbed's unless some have nothing to look at. */
  readonly probes?: readonly Probe[];
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
  const store = await openRecordStore({ out: options.out, header: runHeader(options) });
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
  return {
    dir: store.dir,
    record,
    verdict: compose(record, options.scenario.checkers(options.scale)),
  };
}

async function execute(
  options: RunOptions,
  store: RecordStore,
  onStarted: () => void,
): Promise<void> {
  const { progress, scenario, seed } = options;
  const startedMs = systemClock.nowMs();
  const nowMs = () => systemClock.nowMs() - startedMs;
  await using stack = new AsyncDisposableStack();
  const warn = warnOnce(store, progress);
  stack.use(tellOfMachine(warn));

  progress.phase('set-up', 'starting the gateway');
  await options.control.health();
  const subject = stack.use(await bringUp(options.gateway, aroundOf(options)));
  requireNeeds(scenario, subject);
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
    phases: [],
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
    const named = await diagnose(scenario, options.scale, context).catch((error: unknown) => {
      // All was measured by now; naming the culprits is an extra that must not spoil the verdict.
      if (stopping.signal.aborted) throw error;
      warn(`Cannot name suspects: ${reasonOf(error, stopping.signal)}`);
      return {};
    });
    Object.assign(facts, named);
  } catch (error) {
    // A dying gateway breaks its connections before the kernel tells of its end.
    if (!options.signal.aborted) await Promise.race([subject.ended, sleep(endNoticeMs)]);
    if (stopping.gatewayEnded() === null) throw error;
  } finally {
    const ended = stopping.gatewayEnded();
    if (ended !== null) facts.gatewayEnded = ended;
    await store.update({ facts });
    progress.phase('teardown', 'healing and stopping');
  }
}

/** The same trouble is told and recorded once. */
function warnOnce(store: RecordStore, progress: Progress): (text: string) => void {
  const warnings: string[] = [];
  return (text) => {
    if (warnings.includes(text)) return;
    warnings.push(text);
    progress.warn(text);
    void store.update({ warnings: [...warnings] });
  };
}

/**
 * Every probe that can see this gateway; one that cannot says why, as a warning. A probe for a
 * gateway of another kind (V8's inspector for Python) is passed over: nothing would enable it.
 */
async function attachProbes(
  all: readonly Probe[],
  subject: Subject,
  nowMs: () => number,
  stack: AsyncDisposableStack,
  warn: (text: string) => void,
): Promise<AttachedProbe[]> {
  const attached: AttachedProbe[] = [];
  const isForeign = ({ needs }: Probe) =>
    needs.some((need) => !subject.capabilities.has(need) && subject.missing[need] === undefined);
  for (const probe of all) {
    if (isForeign(probe)) continue;
    try {
      attached.push(stack.use(await probe.attach(subject, nowMs)));
    } catch (error) {
      warn(error instanceof Error ? error.message : String(error));
    }
  }
  return attached;
}

/** One signal for both ends of a run: told to stop, or the gateway is gone. */
function stopSignal(signal: AbortSignal, subject: Subject) {
  const own = new AbortController();
  let ended: string | null = null;
  let isOver = false;
  void subject.ended.then((sentence) => {
    if (isOver) return;
    ended = sentence;
    own.abort(new Error(sentence));
  });
  return {
    signal: AbortSignal.any([signal, own.signal]),
    gatewayEnded: () => ended,
    async [Symbol.asyncDispose]() {
      isOver = true;
    },
  };
}

function probesFor(
  { probes, scenario, scale }: RunOptions,
  metricsText: MetricsTextOptions,
): readonly Probe[] {
  const steadyCompiler = scenario.steadyCompiler === true;
  const livePromises = scale === 'full';
  return probes ?? allProbes({ inspector: { steadyCompiler }, livePromises, metricsText });
}

function requireNeeds({ id, needs }: Scenario, subject: Subject): void {
  const missing = needs.filter((need) => !subject.capabilities.has(need));
  if (missing.length === 0) return;
  const reasons = missing.map((need) => subject.missing[need] ?? `${need} is not available.`);
  throw new Error(`Cannot run scenario ${id} on ${subject.name}: ${reasons.join(' ')}`);
}

function aroundOf({ control, environment, token, apiKey, signal, progress }: RunOptions) {
  const onInstall = (what: string) => progress.phase('set-up', what);
  return { mocksUrl: control.url, environment, token, apiKey, signal, onInstall };
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  const cause = signal.aborted ? signal.reason : firstError(error);
  return cause instanceof Error ? cause.message : String(cause);
}
