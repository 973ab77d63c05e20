// What V8 knows about its memory, read through the inspector of an unmodified Node process. Levels
// follow a forced collection (twice, 10 ms apart, as finalizers run in between); under load only
// the number of active resources is read, since an uncollected heap says little.

import { sleep } from '../../injectors/determinism.ts';
import type { Subject } from '../subjects/subject.ts';
import { beginForcedCollection } from './forced-collections.ts';
import { connectInspector, type InspectorClient } from './inspector-client.ts';
import type { AttachedProbe, Probe, Reading } from './probe.ts';
import { type ProcMemory, procMemory } from './proc-memory.ts';
import { steadyCompiler } from './steady-compiler.ts';

export interface InspectorProbeOptions {
  /**
   * Switches V8's optimizing compilers off while attached: levels then move by less than 1 kB
   * instead of 50-300 kB, at four times the CPU per request. Never where latency is judged.
   */
  readonly steadyCompiler?: boolean;
}

const settleMs = 10;
/** 2 ms per MB of object-heavy heap: enough for 15 GB. */
const collectLimitMs = 30_000;

/** V8's own gc(), which is there only in contexts made while its flag is set. */
const plainCollection = `(() => {
  const load = process.getBuiltinModule;
  if (load === undefined) return false;
  const key = Symbol.for("leakbed.gc");
  if (globalThis[key] === undefined) {
    const { setFlagsFromString } = load("node:v8");
    setFlagsFromString("--expose-gc");
    const value = load("node:vm").runInNewContext("gc");
    setFlagsFromString("--no-expose-gc");
    Object.defineProperty(globalThis, key, { value });
  }
  globalThis[key]();
  return true;
})()`;

const levelExpression = `(() => {
  const { heapTotal, heapUsed, external } = process.memoryUsage();
  return [heapTotal, heapUsed, external, process.getActiveResourcesInfo().length];
})()`;

export function inspectorProbe(options: InspectorProbeOptions = {}): Probe {
  return {
    name: 'inspector',
    needs: ['inspector'],
    metrics: ['heapBytes', 'externalBytes', 'nativeBytes', 'handleCount'],
    cost: 'about 0.2 ms per sample; at rest two full collections, about 2 ms per MB of live heap',
    async attach(subject, nowMs) {
      const client = await connectTo(subject, 'inspector');
      try {
        const undo = options.steadyCompiler === true ? await steadyCompiler(client) : undefined;
        return attached(client, subject, nowMs, undo);
      } catch (error) {
        await client[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}

/** A client for a probe; rejects with why the subject has no inspector and what would help. */
export async function connectTo(subject: Subject, probe: string): Promise<InspectorClient> {
  if (subject.inspectorUrl === null) {
    const why = subject.missing.inspector ?? 'it has no V8 inspector. Only Node has one.';
    throw new Error(`Cannot attach ${probe} to ${subject.name}: ${why}`);
  }
  return await connectInspector(subject.inspectorUrl);
}

/** Collects all garbage of the subject, and notes that these collections were leakbed's. */
export async function collectGarbage(
  client: InspectorClient,
  subject: Subject,
  nowMs: () => number,
): Promise<void> {
  const done = beginForcedCollection(subject, nowMs);
  try {
    await client.send('HeapProfiler.collectGarbage', {}, collectLimitMs);
    await sleep(settleMs);
    // The second frees what finalizers let go of in between; one plain collection does that at
    // half the cost of the inspector's, which collects up to seven times.
    const isDone = await client.evaluate(plainCollection, collectLimitMs);
    if (isDone !== true) await client.send('HeapProfiler.collectGarbage', {}, collectLimitMs);
  } finally {
    done();
  }
}

function attached(
  client: InspectorClient,
  subject: Subject,
  nowMs: () => number,
  undo: (() => Promise<void>) | undefined,
): AttachedProbe {
  const memory = residentMemory(subject);
  return {
    async sample() {
      return { handleCount: numberOf(await client.evaluate(handlesExpression)) };
    },
    async level(): Promise<Reading> {
      await collectGarbage(client, subject, nowMs);
      const anonBytes = memory?.read().anonBytes;
      const values = await client.evaluate(levelExpression);
      if (!Array.isArray(values)) throw unexpected(values);
      const [heapTotal, heapBytes, externalBytes, handleCount] = values.map(numberOf);
      if (heapTotal === undefined || heapBytes === undefined) throw unexpected(values);
      if (externalBytes === undefined || handleCount === undefined) throw unexpected(values);
      const reading = { heapBytes, externalBytes, handleCount };
      if (anonBytes === undefined) return reading;
      return { ...reading, nativeBytes: anonBytes - heapTotal - externalBytes };
    },
    // DevTools' collection also compacts, and gives the freed pages back.
    reclaim: () => collectGarbage(client, subject, nowMs),
    async [Symbol.asyncDispose]() {
      memory?.close();
      // A target that ended has nothing to undo.
      await undo?.().catch(() => {});
      await client[Symbol.asyncDispose]();
    },
  };
}

const handlesExpression = 'process.getActiveResourcesInfo().length';

function residentMemory(subject: Subject): ProcMemory | undefined {
  if (subject.pid === null || !subject.capabilities.has('procfs')) return undefined;
  return procMemory(subject.pid);
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw unexpected(value);
  return value;
}

function unexpected(value: unknown): Error {
  return new Error(
    `Cannot read the target's memory: it answered ${JSON.stringify(value)}. Is it Node 18 or later?`,
  );
}
