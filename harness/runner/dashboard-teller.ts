// Tells the dashboard of the fake providers how a run goes: an observer whose messages go to
// `POST live` (mocks/control/live-routes.ts). Readings are joined into one message twice a second;
// nothing waits for the dashboard, and what it cannot take is dropped.

import { type Clock, systemClock } from '../../injectors/determinism.ts';
import type { Told } from '../../mocks/control/story.ts';
import { fitToRuntime } from '../checkers/garbage.ts';
import { decide } from '../checkers/leak-experiment.ts';
import type { RunObserver } from '../observer.ts';
import type { PhaseMark } from '../record.ts';
import { redactText } from '../redact.ts';
import type { Scale, Scenario } from '../scenario.ts';
import type { Level } from '../series/sample.ts';
import { leadingSuspects, type ResourceFinding, type Verdict } from '../verdict.ts';
import type { ControlClient } from './control-client.ts';

export interface DashboardTeller extends AsyncDisposable {
  readonly observer: Required<RunObserver>;
}

const everyMs = 500;
/** Of the messages that wait for an answer; a dashboard out of reach must not fill our memory. */
const mostWaiting = 500;

export function tellDashboard(
  control: Pick<ControlClient, 'tell'>,
  { scenario, scale }: { readonly scenario: Scenario; readonly scale: Scale },
  warn: (text: string) => void,
  clock: Clock = systemClock,
): DashboardTeller {
  const readings = createReadings();
  const formingOf = createForming(scenario, scale);
  let waiting: Told[] = [];
  let isLost = false;
  let sending: Promise<void> = Promise.resolve();
  let phasesTold = 0;
  let warningsTold = 0;

  const tell = (message: Told) => {
    if (!isLost && waiting.length < mostWaiting) waiting.push(message);
  };
  const flush = () => {
    const sample = readings.take();
    if (sample !== undefined) tell(sample);
    const messages = waiting;
    waiting = [];
    sending = sending.then(async () => {
      try {
        for (const message of messages) if (!isLost) await control.tell(message);
      } catch (error) {
        isLost = true;
        warn(`The dashboard is told no more of this run: ${reasonOf(error)}`);
      }
    });
  };
  const tick = () => {
    flush();
    cancel = clock.after(everyMs, tick);
  };
  let cancel = clock.after(everyMs, tick);

  const observer = {
    name: 'the dashboard',
    began({ id, title, seed }) {
      tell({ type: 'run', id, scenario: scenario.id, title, scale, seed });
    },
    sample: readings.sample,
    request: readings.request,
    level(level) {
      tell({ type: 'level', ...level });
      const forming = formingOf.level(level);
      if (forming !== undefined) tell(forming);
    },
    injection: (row) => tell({ type: 'fault', ...row }),
    updated({ header, phases = [], warnings = [] }) {
      if (header !== undefined) formingOf.runtime(header.gateway.runtime);
      for (const mark of phases.slice(phasesTold)) tell(phaseMessage(mark, scenario, scale));
      for (const text of warnings.slice(warningsTold)) {
        tell({ type: 'warning', text: redactText(text) });
      }
      phasesTold = Math.max(phasesTold, phases.length);
      warningsTold = Math.max(warningsTold, warnings.length);
    },
    judged: (verdict) => tell(verdictMessage(verdict)),
  } satisfies Required<RunObserver>;
  return {
    observer,
    async [Symbol.asyncDispose]() {
      cancel();
      flush();
      await sending;
    },
  };
}

/** The newest value of each metric, what was collected since the last message, and the requests. */
function createReadings() {
  const values: Record<string, number> = {};
  const requests = { total: 0, failed: 0, aborted: 0 };
  let pauses = { count: 0, longestMs: 0 };
  let lastMs: number | undefined;
  return {
    sample({ metric, timeMs, value }) {
      lastMs = Math.max(lastMs ?? 0, timeMs);
      if (metric === 'gcPauseMs') {
        pauses = { count: pauses.count + 1, longestMs: Math.max(pauses.longestMs, value) };
      } else values[metric] = value;
    },
    request({ outcome }) {
      requests.total += 1;
      if (outcome === 'error') requests.failed += 1;
      if (outcome === 'aborted') requests.aborted += 1;
    },
    take(): Told | undefined {
      if (lastMs === undefined) return undefined;
      const told = { timeMs: lastMs, values: { ...values }, pauses, requests: { ...requests } };
      lastMs = undefined;
      pauses = { count: 0, longestMs: 0 };
      return { type: 'sample', ...told };
    },
  } satisfies Pick<RunObserver, 'sample' | 'request'> & { take(): Told | undefined };
}

/** What the leak experiment makes of a phase's levels so far, as its checker will at the end. */
function createForming(scenario: Scenario, scale: Scale) {
  let runtime: string | number | null | undefined;
  let levels: Level[] = [];
  return {
    runtime(name: typeof runtime) {
      runtime = name;
    },
    level(level: Level): Told | undefined {
      const phase = scenario.phases(scale).find(({ name }) => name === level.phase);
      if (phase?.kind !== 'cycles' && phase?.kind !== 'monitor') return undefined;
      if (phase.experiment === null) return undefined;
      // Phases of one name are rounds of their own.
      if (level.phase !== levels[0]?.phase || level.cycle <= 1) levels = [];
      levels.push(level);
      const state = decide(levels, fitToRuntime(runtime, phase.experiment));
      const channels = channelsOf(state.channels);
      const { phase: name, cycle, totalRequests } = level;
      const isDecided = state.state === 'decided';
      return { type: 'forming', phase: name, cycle, totalRequests, isDecided, channels };
    },
  };
}

function channelsOf(resources: readonly ResourceFinding[]) {
  return resources.map(({ metric, finding, perRequest, resolution }) => {
    return { metric, finding, perRequest, resolution };
  });
}

function phaseMessage({ name, startMs }: PhaseMark, scenario: Scenario, scale: Scale): Told {
  const phase = scenario.phases(scale).find((each) => each.name === name);
  return { type: 'phase', name, title: phase?.title ?? name, startMs };
}

function verdictMessage(verdict: Verdict): Told {
  const { outcome, finding, resource, reason, retainedBytesPerRequest, suspects } = verdict;
  const named = leadingSuspects(suspects).map(({ name, file, line, bytesPerRequest }) => {
    return { name, file, line, bytesPerRequest };
  });
  const told = { outcome, finding, resource, reason, retainedBytesPerRequest };
  return { type: 'verdict', ...told, suspects: named, channels: channelsOf(verdict.resources) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
