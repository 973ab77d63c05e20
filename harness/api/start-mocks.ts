// The fake providers for a test: `leakbed mocks` in a process of its own, on a free port, with its
// control plane in the hand. It ends with `close`, and in any case with this process.

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FaultPlan } from '../../injectors/plan.ts';
import type { JournalEntry } from '../../mocks/journal.ts';
import { type LeakbedProcess, startLeakbed } from './leakbed-process.ts';

export interface MocksOptions {
  /** In force from the start. */
  readonly plan?: FaultPlan;
  /** Of all content and chance; fresh unless given. */
  readonly seed?: number;
  /** A free one unless given. */
  readonly port?: number;
  /** `verify` checks credentials as AWS and Google do. */
  readonly auth?: 'off' | 'verify';
}

export interface Mocks extends AsyncDisposable {
  /** The base URL of Bedrock and of Vertex AI. */
  readonly url: string;
  readonly seed: number;
  /** Variables that point the SDKs of a process at the fakes. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts a plan in force in place of the one before; rejects with every problem it has. */
  setPlan(plan: FaultPlan): Promise<void>;
  clearPlan(): Promise<void>;
  /** Faults of the plan that name this phase act from now on. */
  enterPhase(phase: string): Promise<void>;
  /** The newest requests, with what was injected and how they ended. */
  journal(): Promise<readonly JournalEntry[]>;
  /** Forgets journal and plan. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly controlUrl: string;
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
}

const startLimitMs = 30_000;

/** Rejects when the port is taken, and with every problem of the plan. */
export async function startMocks(options: MocksOptions = {}): Promise<Mocks> {
  const { plan, seed, port = 0, auth = 'off' } = options;
  const words = ['mocks', '--json', '--port', String(port), '--auth', auth];
  if (seed !== undefined) words.push('--seed', String(seed));
  if (plan !== undefined) words.push('--plan', JSON.stringify(plan));
  const started = startLeakbed(words);
  const ready = await readiness(started);
  keepWaiting(started, 'unref');
  const call = caller(ready.controlUrl);
  const close = async () => {
    keepWaiting(started, 'ref');
    started.child.kill('SIGTERM');
    await started.ended;
  };
  return {
    url: ready.url,
    seed: ready.seed,
    env: ready.env,
    setPlan: async (next) => void (await call('PUT', '/plan', next)),
    clearPlan: async () => void (await call('DELETE', '/plan')),
    enterPhase: async (phase) => void (await call('PUT', '/plan/phase', { phase })),
    async journal() {
      const text = await call('GET', '/journal');
      return (JSON.parse(text) as { entries: readonly JournalEntry[] }).entries;
    },
    reset: async () => void (await call('POST', '/reset')),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function readiness({ child, ended, complaint }: LeakbedProcess): Promise<Ready> {
  const lines = createInterface({ input: child.stdout as Readable });
  const line = once(lines, 'line', { signal: AbortSignal.timeout(startLimitMs) });
  const gaveUp = ended.then(() => Promise.reject(new Error(complaint())));
  try {
    const [text] = await Promise.race([line, gaveUp]);
    return JSON.parse(String(text)) as Ready;
  } catch (error) {
    child.kill('SIGTERM');
    throw error;
  } finally {
    // Whichever came second is no news.
    line.catch(() => undefined);
    gaveUp.catch(() => undefined);
  }
}

/** `unref`: a test that forgets `close` must still be able to end. `ref`: its end is waited for. */
function keepWaiting({ child }: LeakbedProcess, how: 'ref' | 'unref'): void {
  for (const part of [child, child.stdout, child.stderr] as Iterable<Waited | null>) {
    part?.[how]?.();
  }
  if (how === 'unref') child.channel?.unref();
}

/** Its pipes are sockets, which streams in general are not. */
type Waited = Partial<Record<'ref' | 'unref', () => void>>;

function caller(controlUrl: string) {
  return async (method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new Error(`Cannot ${method} ${path} of the fake providers at ${controlUrl}: ${text}`);
  };
}
