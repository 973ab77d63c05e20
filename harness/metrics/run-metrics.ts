// What a run tells Prometheus while it goes: an observer that fills a registry. Names and labels
// are in README.md. Every label comes from a list of ours (scenarios, arms, phases, faults of
// the plan), so the page has a bound; what is done per row is a few additions.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { addProcessMetrics } from '../../mocks/control/process-metrics.ts';
import type { RunObserver } from '../observer.ts';
import type { Injection, PhaseMark, RequestRow, RunHeader } from '../record.ts';
import type { Verdict } from '../verdict.ts';
import { gatewayMetrics } from './gateway-metrics.ts';

export interface RunMetrics {
  readonly registry: Registry;
  readonly observer: RunObserver;
}

/** From the pace of a fast answer to a stream that hangs. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const outcomes = ['pass', 'fail', 'inconclusive'] as const;
const findings = ['clean', 'bounded', 'leak', 'undecided'] as const;

export function runMetrics(): RunMetrics {
  const registry = new Registry();
  addProcessMetrics({ Counter, Gauge }, registry, 'the harness');
  const run = inventory(registry);
  const gateway = gatewayMetrics(registry);
  const open = new Map<string, number>();
  let scenario = '';
  const observer = {
    name: 'the metrics page',
    began(header) {
      scenario = header.scenario;
      open.clear();
      gateway.clear();
      run.active.reset();
      showInfo(run.info, header);
      showPhase(run.phase, scenario, []);
    },
    updated({ header, phases }) {
      if (header !== undefined) showInfo(run.info, header);
      if (phases !== undefined) showPhase(run.phase, scenario, phases);
    },
    sample: (row) => gateway.sample(scenario, row),
    level: (row) => gateway.level(scenario, row),
    request(row) {
      countRequest(run, scenario, row);
    },
    injection(row) {
      run.active.set({ scenario, fault: row.fault }, countOpen(open, row));
    },
    judged(verdict) {
      showPhase(run.phase, scenario, []);
      showVerdict(run, verdict);
    },
  } satisfies RunObserver;
  return { registry, observer };
}

type Inventory = ReturnType<typeof inventory>;

function inventory(registry: Registry) {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['scenario'], buckets: secondsBuckets, registers });
  return {
    info: gauge('leakbed_run_info', 'The run that goes on.', [
      'scenario',
      'run',
      'scale',
      'seed',
      'gateway',
    ]),
    phase: gauge('leakbed_run_phase', '1 for the phase that goes on.', ['scenario', 'phase']),
    requests: counter('leakbed_run_requests_total', 'Requests to the gateway that ended.', [
      'scenario',
      'arm',
      'outcome',
    ]),
    errors: counter('leakbed_run_errors_total', 'Requests that failed, by their HTTP status.', [
      'scenario',
      'status',
    ]),
    ttft: histogram('leakbed_run_ttft_seconds', 'Request sent to first content.'),
    duration: histogram('leakbed_run_request_seconds', 'Request sent to end of the answer.'),
    active: gauge('leakbed_run_fault_active', 'Windows of a fault that are open.', [
      'scenario',
      'fault',
    ]),
    verdict: gauge('leakbed_run_verdict', '1 for the outcome of a judged scenario.', [
      'scenario',
      'outcome',
    ]),
    finding: gauge('leakbed_run_finding', '1 for what was found in a judged scenario.', [
      'scenario',
      'finding',
    ]),
    retained: gauge('leakbed_run_retained_bytes_per_request', 'Memory kept, and its interval.', [
      'scenario',
      'bound',
    ]),
  };
}

/** Told when the run begins, and again once the gateway is up and has a name. */
function showInfo(
  gauge: Inventory['info'],
  { scenario, id, scale, seed, gateway }: RunHeader,
): void {
  gauge.reset();
  gauge.set({ scenario, run: id, scale, seed, gateway: `${gateway.name ?? ''}` }, 1);
}

function showPhase(
  gauge: Inventory['phase'],
  scenario: string,
  phases: readonly PhaseMark[],
): void {
  gauge.reset();
  const phase = phases.findLast(({ endMs }) => endMs === null)?.name;
  if (phase !== undefined) gauge.set({ scenario, phase }, 1);
}

function countRequest(run: Inventory, scenario: string, row: RequestRow): void {
  const { arm, outcome, status, startMs, ttftMs, endMs } = row;
  run.requests.inc({ scenario, arm, outcome });
  if (outcome === 'error') run.errors.inc({ scenario, status: `${status ?? 'none'}` });
  if (ttftMs !== null) run.ttft.observe({ scenario }, ttftMs / 1000);
  run.duration.observe({ scenario }, (endMs - startMs) / 1000);
}

/** A window is told when it opens and again when it ends; what only happened is both at once. */
function countOpen(open: Map<string, number>, { fault, startMs, endMs }: Injection): number {
  const before = open.get(fault) ?? 0;
  const change = endMs === null ? 1 : endMs > startMs ? -1 : 0;
  const after = Math.max(0, before + change);
  open.set(fault, after);
  return after;
}

function showVerdict(run: Inventory, verdict: Verdict): void {
  const { scenario, outcome, finding, retainedBytesPerRequest: kept } = verdict;
  for (const name of outcomes) {
    run.verdict.set({ scenario, outcome: name }, name === outcome ? 1 : 0);
  }
  for (const name of findings) {
    run.finding.set({ scenario, finding: name }, name === finding ? 1 : 0);
  }
  if (kept === null) return;
  for (const bound of ['low', 'estimate', 'high'] as const) {
    run.retained.set({ scenario, bound }, kept[bound]);
  }
}
