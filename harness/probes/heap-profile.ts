// Names the functions that allocated what is still alive: a sampling heap profile over a stretch of
// work, without the objects that were collected. It counts V8's heap; of a Buffer it sees the
// object and not the bytes outside, which is enough to name the function, not to weigh it.
// Source: https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/

import { readlinkSync } from 'node:fs';
import type { Subject } from '../subjects/subject.ts';
import type { Suspect } from '../verdict.ts';
import { attributeAllocations, type ProfileNode } from './allocation-profile.ts';
import { collectGarbage, connectTo } from './inspector.ts';
import type { InspectorClient } from './inspector-client.ts';

export interface HeapProfile extends AsyncDisposable {
  /** Ends the profile after `requests` of work and names the largest allocators. */
  stop(requests: number): Promise<Suspect[]>;
}

export interface HeapProfileOptions {
  /** The application's folder; default: the subject's working directory. */
  readonly root?: string;
  readonly limit?: number;
}

const intervalBytes = 4 * 1024;
/** As many samples are no chance: what is kept once, a cache or a cell, makes one or two. */
const leastOwnBytes = 3 * intervalBytes;
/** Profiles of large programs take V8 a while to write. */
const stopLimitMs = 30_000;

/** Costs the subject 20-30 % CPU until stopped. Start after the warm-up, else that is profiled. */
export async function startHeapProfile(
  subject: Subject,
  nowMs: () => number,
  options: HeapProfileOptions = {},
): Promise<HeapProfile> {
  const client = await connectTo(subject, 'a heap profile');
  const root = options.root ?? workingFolder(subject);
  try {
    // Settled first, so that garbage of the time before is not counted as freed or alive.
    await collectGarbage(client, subject, nowMs);
    await undoInlining(client);
    await client.send('HeapProfiler.startSampling', {
      samplingInterval: intervalBytes,
      includeObjectsCollectedByMajorGC: false,
      includeObjectsCollectedByMinorGC: false,
    });
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
  return {
    async stop(requests) {
      await collectGarbage(client, subject, nowMs);
      const { profile } = await client.send('HeapProfiler.stopSampling', {}, stopLimitMs);
      await client.evaluate(setFlags('--turbo-inlining', '--maglev-inlining'));
      const { head } = profile as { readonly head: ProfileNode };
      return attributeAllocations(head, root, leastOwnBytes)
        .slice(0, options.limit ?? 5)
        .map(({ name, file, line, bytes }) => ({
          name,
          file,
          line,
          kind: 'function' as const,
          bytesPerRequest: bytes / Math.max(1, requests),
        }));
    },
    // The session's end also ends a profile that was not stopped.
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/**
 * V8 charges what an inlined function allocates to its caller, which names the wrong function. So
 * inlining goes off in both optimising compilers, and precise coverage is started and stopped,
 * which throws away all optimised code (v8 src/debug/debug-coverage.cc, Coverage::SelectMode).
 */
async function undoInlining(client: InspectorClient): Promise<void> {
  await client.evaluate(setFlags('--no-turbo-inlining', '--no-maglev-inlining'));
  await client.send('Profiler.enable');
  await client.send('Profiler.startPreciseCoverage', { callCount: true });
  await client.send('Profiler.stopPreciseCoverage');
  await client.send('Profiler.disable');
}

function setFlags(...flags: readonly string[]): string {
  const set = `process.getBuiltinModule?.('node:v8').setFlagsFromString`;
  return flags.map((flag) => `void ${set}('${flag}')`).join(';');
}

/** The application's folder, as far as a process tells. */
export function workingFolder(subject: Subject): string {
  try {
    return readlinkSync(`/proc/${subject.pid}/cwd`);
  } catch {
    return process.cwd();
  }
}
