// What to do about a verdict, in plain sentences: by what leaks, by what a check found, by why too
// little is known. Every report that people read ends with these.

import type { MetricName } from '../series/metrics.ts';
import type { Suspect, Verdict } from '../verdict.ts';

/** What usually keeps such a resource, and where to look first. */
const byResource: Readonly<Partial<Record<MetricName, string>>> = {
  heapBytes:
    'Look for a collection that only grows (a Map, an array, a cache without a bound), for listeners ' +
    'that are added per request to something that lives longer, and for closures held by timers.',
  externalBytes:
    'Look for buffers that are kept: response bodies that nobody reads, slices that hold a large ' +
    'buffer for a few bytes, queues of chunks without a limit.',
  anonBytes:
    'The memory is outside of what the runtime tells of: look at native modules and at fragmentation; ' +
    'a run with the inspector or the Python agent says more.',
  nativeBytes:
    'The memory is outside of the managed heap: look at native modules, compression and TLS contexts, ' +
    'and at fragmentation of the allocator.',
  socketCount:
    'Look for streams that are neither read to the end nor cancelled, and for clients made per ' +
    'request; every path out of a request has to close what it opened, also when the client left.',
  fdCount:
    'Look for files, pipes and sockets that a failed or aborted request leaves open; close them in ' +
    '"finally".',
  handleCount:
    'Look for timers and intervals that are set per request and not cleared when it ends.',
  taskCount:
    'Look for tasks that are started and never awaited or cancelled; keep them in a group that ends ' +
    'with the request.',
  threadCount: 'Look for executors and clients that are made per request and never shut down.',
  pythonBlocks:
    'Look for dicts and lists that only grow, for generators that are left open, and for cycles with ' +
    'finalizers.',
};

/** By the checker that failed; the leak checker's advice is by resource. */
const byChecker: Readonly<Record<string, string>> = {
  errors:
    'Requests failed that no fault explains: see the errors under Latency in the report, and the log ' +
    'of the gateway.',
  'billing-queue':
    'Give the queue a bound, refuse requests when it is full, and make each event idempotent by its ' +
    'request id, so that a retry is not billed twice.',
  'client-aborts':
    'Clients could not leave half-way: the gateway may buffer whole answers before it passes them on.',
  'gc-latency':
    'Collections make the slowest requests slow: allocate less per request (fewer copies of chunks and ' +
    'bodies), or give the young generation more room (--max-semi-space-size).',
  fragmentation:
    'Much committed memory is free: avoid mixing many small long-lived objects with large short-lived ' +
    'ones, or try another allocator for native memory.',
  run: 'The gateway ended during the run: its last words are in the reason; see its log.',
};

export function adviceOf(verdict: Verdict): readonly string[] {
  const { finding, suspects } = verdict;
  return [...(finding === 'leak' ? whereToLook(suspects) : []), ...whatToDo(verdict)];
}

/** Without the places, for where the suspects are listed beside it. */
export function whatToDo(verdict: Verdict): readonly string[] {
  const { finding, outcome, resource, checks } = verdict;
  const failed = checks.filter((check) => check.outcome === 'fail');
  return [
    ...(finding === 'leak' ? usualCauses(resource) : []),
    ...(finding === 'bounded'
      ? ['It grew and then stopped or came back: check that its high-water mark fits your limit.']
      : []),
    ...failed.flatMap(({ checker }) => byChecker[checker] ?? []),
    ...(outcome === 'inconclusive' ? [howToKnowMore(verdict)] : []),
  ];
}

function whereToLook(suspects: readonly Suspect[]): readonly string[] {
  const holder = suspects.find(({ kind }) => kind !== 'function');
  const maker = suspects.find(({ kind }) => kind === 'function');
  return [
    ...(holder === undefined ? [] : [`Begin at ${place(holder)}: it keeps what is not let go of.`]),
    ...(maker === undefined ? [] : [`What is kept was allocated at ${place(maker)}.`]),
  ];
}

function place({ name, file, line }: Suspect): string {
  return `${name} (${file}:${line})`;
}

function usualCauses(resource: MetricName | null): readonly string[] {
  const cause = resource === null ? undefined : byResource[resource];
  return cause === undefined ? [] : [cause];
}

function howToKnowMore({ warnings, requests }: Verdict): string {
  if (requests.total === 0) return 'Nothing was asked: see why the gateway did not answer.';
  const isBusy = warnings.some((text) => /stood in line|stolen|busy machine/.test(text));
  return isBusy
    ? 'Too little is known: the machine was busy. Run it again on a quieter one.'
    : 'Too little is known: run it again for longer (--scale ci), with nothing else on the machine.';
}
