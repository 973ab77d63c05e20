// What one call of a module's function keeps: `leakbed repro` by a program. The function runs in a
// clean process of its own, since the memory of a test runner (its modules, spies, reports) is no
// place to look for a leak of a hundred bytes.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultPlan } from '../../injectors/plan.ts';
import type { Verdict } from '../verdict.ts';
import { startLeakbed } from './leakbed-process.ts';

export interface MeasureOptions {
  /** Repeats a measurement; fresh unless given, and part of the verdict's `repeat`. */
  readonly seed?: number;
  /** Judges at most so many seconds of work: 45. Warm-up and diagnosis come on top. */
  readonly maxSeconds?: number;
  /** Growth per call that is no leak: 64. */
  readonly toleratedBytes?: number;
  /** Inconclusive where a leak of so many bytes per call could have hidden: 512. */
  readonly resolutionBytes?: number;
  /** Calls at a time: 4. */
  readonly users?: number;
  /** What the fake providers do while it works, in words: `truncate;at=50%`. */
  readonly faults?: readonly string[];
  /** The same as data, which can say of which requests. */
  readonly plan?: FaultPlan;
  /** False: nobody is looked for after a leak, which takes half the time. */
  readonly suspects?: boolean;
  /** Rests so long after a leak: 2; longer tells a leak from a late release. */
  readonly restSeconds?: number;
  /** Variables for the work, besides those of this process and those that name the fakes. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keeps record and report in a folder below this one. */
  readonly out?: string;
  /** Ends the measurement, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface LeakVerdict extends Verdict {
  /** The verdict in sentences, the suspects' places among them. */
  readonly told: readonly string[];
}

/**
 * Measures a module's default export, or the one named behind a #: `./test/units.mjs#ask`.
 * Rejects when it cannot be measured: no such file or export, or its first call throws.
 *
 *   const { finding, retainedBytesPerRequest } = await measureLeak('./test/ask.mjs');
 */
export async function measureLeak(
  unit: string | URL,
  options: MeasureOptions = {},
): Promise<LeakVerdict> {
  const out = options.out ?? (await mkdtemp(join(tmpdir(), 'leakbed-')));
  try {
    const what = typeof unit === 'string' ? unit : `${fileURLToPath(unit)}${unit.hash}`;
    const text = await told(['repro', what, ...flagsOf(options), '--out', out, '--json'], options);
    const { rows } = JSON.parse(text) as ReproDocument;
    const [row] = rows;
    if (row === undefined) throw new Error(`Cannot measure ${what}: nothing was measured.`);
    return { ...row.verdict, told: row.told };
  } finally {
    if (options.out === undefined) await rm(out, { recursive: true, force: true });
  }
}

interface ReproDocument {
  readonly rows: readonly { readonly verdict: Verdict; readonly told: readonly string[] }[];
}

function flagsOf(options: MeasureOptions): readonly string[] {
  const { seed, maxSeconds, toleratedBytes, resolutionBytes, users, restSeconds, plan } = options;
  const flags = {
    seed,
    'max-seconds': maxSeconds,
    tolerate: toleratedBytes,
    resolution: resolutionBytes,
    users,
    rest: restSeconds,
    plan: plan && JSON.stringify(plan),
  };
  return [
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    ),
    ...(options.faults ?? []).flatMap((words) => ['--fault', words]),
    ...(options.suspects === false ? ['--no-suspects'] : []),
  ];
}

/** Codes above mean wrong usage or a crash; up to here there is a verdict. */
const lastVerdictCode = 2;

/** What the command has to say on stdout. */
async function told(words: readonly string[], { env, signal }: MeasureOptions): Promise<string> {
  signal?.throwIfAborted();
  const { child, ended, complaint } = startLeakbed(words, env);
  const stop = () => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  try {
    const code = await ended;
    signal?.throwIfAborted();
    if (code !== null && code <= lastVerdictCode) return text;
    throw new Error(complaint());
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
