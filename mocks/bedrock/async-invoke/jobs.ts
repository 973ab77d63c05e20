// Asynchronous invocations as the fake remembers them: a bounded list, the oldest forgotten first.
// A job is in progress for as many status requests as its script says, then done; no clock decides.

import { systemClock } from '../../../injectors/determinism.ts';
import type { JsonObject } from '../constraints.ts';

export type JobStatus = 'InProgress' | 'Completed' | 'Failed';

export interface Job {
  readonly arn: string;
  readonly modelArn: string;
  readonly token: string | undefined;
  /** The request's own text, by which a repeated token is judged. */
  readonly fingerprint: string;
  readonly outputDataConfig: unknown;
  readonly submitTime: string;
  readonly failure: string | undefined;
  pollsLeft: number;
  endTime: string | undefined;
}

export interface Jobs {
  add(job: Omit<Job, 'submitTime' | 'endTime'>): Job;
  find(arn: string): Job | undefined;
  withToken(token: string): Job | undefined;
  /** A status request: counts down. */
  poll(arn: string): Job | undefined;
  /** Oldest first. */
  all(): readonly Job[];
}

export function createJobs(capacity: number): Jobs {
  const jobs = new Map<string, Job>();
  const now = () => systemClock.wallTime().toISOString();
  const settle = (job: Job) => {
    if (job.pollsLeft <= 0) job.endTime ??= now();
  };
  return {
    add(fields) {
      const job: Job = { ...fields, submitTime: now(), endTime: undefined };
      const oldest = jobs.keys().next().value;
      if (jobs.size >= capacity && oldest !== undefined) jobs.delete(oldest);
      jobs.set(job.arn, job);
      return job;
    },
    find: (arn) => jobs.get(arn),
    withToken: (token) => jobs.values().find((job) => job.token === token),
    poll(arn) {
      const job = jobs.get(arn);
      if (job === undefined) return undefined;
      settle(job);
      job.pollsLeft -= 1;
      return job;
    },
    all: () => [...jobs.values()],
  };
}

/** A job as Get and List show it, keys sorted. */
export function jobJson(job: Job): JsonObject {
  const { endTime } = job;
  return {
    ...(job.token !== undefined && { clientRequestToken: job.token }),
    ...(endTime !== undefined && { endTime }),
    ...(endTime !== undefined && job.failure !== undefined && { failureMessage: job.failure }),
    invocationArn: job.arn,
    lastModifiedTime: endTime ?? job.submitTime,
    modelArn: job.modelArn,
    outputDataConfig: job.outputDataConfig,
    status: statusOf(job),
    submitTime: job.submitTime,
  };
}

export function statusOf({ endTime, failure }: Job): JobStatus {
  if (endTime === undefined) return 'InProgress';
  return failure === undefined ? 'Completed' : 'Failed';
}
