// The head of a run's record: what was run, with what, on which machine.

import { arch, availableParallelism, platform, release, totalmem } from 'node:os';
import { systemClock } from '../../injectors/determinism.ts';
import { printFault } from '../../injectors/plan.ts';
import type { RunHeader } from '../record.ts';
import { runId } from '../record-store.ts';
import { detectRuntime, type Runtime } from '../subjects/process-info.ts';
import type { Subject } from '../subjects/subject.ts';
import type { RunOptions } from './run-scenario.ts';

/** Its end is added when the run has ended, its gateway once that is up. */
export function runHeader(options: RunOptions): RunHeader {
  const { scenario, scale, seed, command, versions, limits } = options;
  const startedAt = systemClock.wallTime().toISOString();
  const planned = scenario.phases(scale).flatMap(({ faults }) => faults ?? []);
  return {
    schema: 1,
    id: runId(startedAt, scenario.id),
    scenario: scenario.id,
    title: scenario.title,
    scale,
    seed,
    startedAt,
    endedAt: null,
    command,
    versions,
    machine: {
      platform: `${platform()} ${release()} ${arch()}`,
      cores: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 1024 ** 2),
    },
    gateway: {},
    faults: [...new Set(planned.map(printFault))],
    ...(limits !== undefined && { limits }),
  };
}

export function gatewayFacts(subject: Subject): RunHeader['gateway'] {
  return {
    name: subject.name,
    url: subject.url,
    pid: subject.pid,
    runtime: runtimeOf(subject),
    abilities: [...subject.capabilities].sort().join(', '),
  };
}

/** What the measured process is written in; decides how far its memory may rise by garbage. */
export function runtimeOf({ pid }: Subject): Runtime {
  return pid === null ? 'unknown' : detectRuntime(pid);
}
