// The work of `leakbed matrix`: finds out how the gateway reaches its providers, measures the cells
// in as few gateway processes as it can, and tells what came of each. The records are the only
// state: a matrix that was cut short goes on where they end.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freshSeed, seededRng, systemClock } from '../../injectors/determinism.ts';
import { type CellKey, cellPhase, matrixCells, matrixId } from '../checkers/matrix-cells.ts';
import { fileErrorReason } from '../file-error.ts';
import { freshFolder, makeFolder } from '../make-folder.ts';
import type { Progress } from '../progress.ts';
import { runId } from '../record-store.ts';
import { redactText } from '../redact.ts';
import type { JudgedRun } from '../reports/reporter.ts';
import { controlClient } from '../runner/control-client.ts';
import { type ObservedWay, observedTransports } from '../runner/observed-transports.ts';
import { type RunResult, runScenario } from '../runner/run-scenario.ts';
import { matrixArms, matrixScenario } from '../scenarios/matrix.ts';
import { type GatewayChoice, isStartedHere } from '../subjects/gateway.ts';
import { providerEnvironment } from '../subjects/provider-environment.ts';
import { openSink } from '../subjects/sink.ts';
import { UsageError } from './exit-codes.ts';
import { failure, printJson } from './json-document.ts';
import { judgeFolder } from './judge-folder.ts';
import type { MatrixFlags } from './matrix.ts';
import {
  chosenFaults,
  type LeftOut,
  type PlannedCell,
  planCells,
  repeatMatrix,
} from './matrix-plan.ts';
import { type Observers, openObservers } from './open-observers.ts';
import { stderrProgress } from './progress.ts';
import { provideMocks } from './provide-mocks.ts';
import { chosenGateway } from './run-options.ts';
import { saveReports } from './save-reports.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { type MatrixResult, tellMatrix } from './tell-matrix.ts';
import { planOf } from './time-left.ts';
import { versions } from './version.ts';

/** What the parts of one matrix share. */
interface Bench {
  readonly flags: MatrixFlags;
  readonly gateway: GatewayChoice;
  readonly mocksUrl: string;
  readonly folder: string;
  readonly seed: number;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly observers: Observers['all'];
}

/** One way of starting the gateway. */
interface Variant {
  readonly environment: Readonly<Record<string, string>>;
  readonly ways: readonly ObservedWay[];
  readonly slowestMs: number;
}

/** With --json there is one document on stdout also when the matrix does not start or crashes. */
export async function runMatrix(flags: MatrixFlags, command: readonly string[]): Promise<void> {
  const signal = stopOnSignals();
  await using observers = await openObservers(flags, signal, stderrProgress());
  const watched = { signal, observers: observers.all };
  const result = await measureMatrix(flags, command, watched).catch((error: unknown) => {
    printJson(flags, { outcome: 'inconclusive', ...failure(error) });
    throw error;
  });
  await tellMatrix(result, flags);
}

async function measureMatrix(
  flags: MatrixFlags,
  command: readonly string[],
  watched: Pick<Bench, 'signal' | 'observers'>,
): Promise<MatrixResult> {
  const gateway = chosenGateway({ ...flags, fault: [], scale: 'smoke' }, command);
  const faults = chosenFaults(flags);
  const earlier = flags.resume === undefined ? [] : await earlierParts(flags.resume);
  const seed = flags.seed ?? earlier[0]?.record.header.seed ?? freshSeed();
  const folder = flags.resume ?? (await matrixFolder(flags.out));
  const progress = stderrProgress();
  await using stack = new AsyncDisposableStack();
  const { url: mocksUrl } = await provideMocks(flags, gateway, seed, stack);
  const repeat = repeatMatrix(flags, seed, command);
  const bench = { flags, gateway, mocksUrl, folder, seed, command: repeat, progress, ...watched };
  const shownUrl = redactText(mocksUrl);
  progress.end(`leakbed: matrix, seed ${seed}, fake providers on ${shownUrl}`);
  progress.end(`Dashboard: ${shownUrl}/__leakbed/`);
  const parts: JudgedRun[] = [...earlier];
  const leftOut: LeftOut[] = [];
  let planned = 0;
  for (const variant of await variantsOf(bench)) {
    const plan = planCells(faults, variant.ways, isStartedHere(gateway));
    planned += plan.cells.length;
    leftOut.push(...plan.leftOut);
    for (const isThroughProxy of [false, true]) {
      const cells = plan.cells.filter((cell) => cell.isThroughProxy === isThroughProxy);
      await measureAll(cells, variant, bench, parts);
    }
  }
  return { folder, parts, leftOut, planned, command: repeat, isCut: watched.signal.aborted };
}

async function matrixFolder(out: string): Promise<string> {
  try {
    await makeFolder(out);
    return await freshFolder(out, runId(systemClock.wallTime().toISOString(), matrixId));
  } catch (error) {
    throw new UsageError(
      `Cannot write the matrix to ${out}: ${fileErrorReason(error)}. Name another folder with --out.`,
      { cause: error },
    );
  }
}

/** Those of the transports that the flags let through; the others of a provider are told. */
async function variantsOf(bench: Bench): Promise<readonly Variant[]> {
  const { flags, gateway, mocksUrl, signal, progress } = bench;
  const variants: Variant[] = [];
  const seen = new Set<string>();
  for (const transports of waysToStart(gateway)) {
    const environment = { ...providerEnvironment({ mocksUrl }), ...transports };
    const around = {
      mocksUrl,
      environment,
      token: token(),
      apiKey: apiKey(),
      signal,
      onInstall: (what: string) => progress.phase('set-up', what),
    };
    progress.phase('set-up', 'how does the gateway reach its providers?');
    const control = controlClient(mocksUrl, token());
    const { ways, unreached, slowestMs } = await usable(
      observedTransports(gateway, around, control, matrixArms()),
    );
    for (const problem of unreached) progress.warn(`Not reached through the gateway: ${problem}`);
    const fresh = ways.filter(({ provider, transport }) => !seen.has(`${provider}/${transport}`));
    for (const { provider, transport } of fresh) seen.add(`${provider}/${transport}`);
    const wanted = fresh.filter(
      ({ provider, transport }) =>
        (flags.provider.length === 0 || flags.provider.includes(provider)) &&
        (flags.transport.length === 0 || flags.transport.includes(transport)),
    );
    if (wanted.length > 0) variants.push({ environment: transports, ways: wanted, slowestMs });
  }
  progress.end(`The gateway uses ${[...seen].join(', ')}.`);
  if (variants.length === 0) {
    throw new UsageError(
      `Cannot run this matrix: the gateway uses ${[...seen].join(', ') || 'no provider'}. ` +
        'Choose --provider and --transport among these.',
    );
  }
  return variants;
}

/** Only of its own gateway leakbed knows how to change the transports. */
function waysToStart({ kind }: GatewayChoice): readonly Readonly<Record<string, string>>[] {
  const http1 = { BEDROCK_TRANSPORT: 'http1', VERTEX_TRANSPORT: 'rest' };
  return kind === 'reference' ? [{}, http1] : [{}];
}

/** A gateway that ends, or no longer answers, gets a successor for the cells that are left. */
async function measureAll(
  cells: readonly PlannedCell[],
  variant: Variant,
  bench: Bench,
  parts: JudgedRun[],
): Promise<void> {
  const earlier = parts.flatMap(({ record }) => matrixCells(record));
  // What was not decided before may be so now; a kill also costs the last second's levels.
  const decided = earlier.filter(({ isWhole, finding }) => isWhole && finding !== 'undecided');
  const done = new Set(decided.map(nameOf));
  for (;;) {
    const open = cells.filter((cell) => !done.has(nameOf(cell)));
    if (open.length === 0 || bench.signal.aborted) return;
    const result = await measure(open, variant, bench);
    parts.push(result);
    const measured = matrixCells(result.record);
    if (measured.length === 0) return;
    // One in which the gateway ended would end the next gateway as well.
    for (const cell of measured) done.add(nameOf(cell));
  }
}

const nameOf = (cell: CellKey) => cellPhase(cell, 'fault');

async function measure(
  cells: readonly PlannedCell[],
  { environment, slowestMs }: Variant,
  bench: Bench,
): Promise<RunResult> {
  const { gateway, mocksUrl, folder, seed, command, signal, progress, observers } = bench;
  const scenario = matrixScenario(cells, slowestMs);
  progress.scenario(matrixId, 1, 1, planOf(scenario.phases('smoke')));
  const proxied = cells.some((cell) => cell.isThroughProxy);
  const choice = proxied ? { variable: proxyVariable, url: mocksUrl } : {};
  const rng = seededRng(seed).fork('proxy');
  await using sink = await openSink(choice, { url: mocksUrl, token: token(), rng });
  const shownUrl = (sink.environment[proxyVariable] ?? mocksUrl).replace(/\/$/, '');
  const result = await usable(
    runScenario({
      scenario,
      scale: 'smoke',
      seed,
      out: folder,
      gateway,
      control: controlClient(mocksUrl, token()),
      environment: { ...providerEnvironment({ mocksUrl: shownUrl }), ...environment },
      sink,
      token: token(),
      apiKey: apiKey(),
      command,
      versions: versions(),
      signal,
      progress,
      observers,
    }),
  );
  await saveReports(result);
  return result;
}

const proxyVariable = 'LEAKBED_PROVIDERS';
const token = () => process.env.LEAKBED_TOKEN;
const apiKey = () => process.env.LEAKBED_API_KEY ?? 'leakbed';

async function earlierParts(folder: string): Promise<readonly JudgedRun[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot resume ${folder}: ${why}. Name the folder of a matrix.`);
  });
  const parts = names.filter((name) => name.includes(`-${matrixId}`)).toSorted();
  return await Promise.all(parts.map((name) => judgeFolder(join(folder, name))));
}

/** What goes wrong before anything was measured is for the user to put right. */
async function usable<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
}
