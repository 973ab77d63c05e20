// The work of `leakbed repro`: the unit with each set of versions, one after the other, and what
// each retains per call.

import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { freshSeed } from '../../injectors/determinism.ts';
import type { Fault } from '../../injectors/plan.ts';
import { checkPlan } from '../../injectors/registry.ts';
import { errorCode, fileErrorReason } from '../file-error.ts';
import { gc } from '../probes/gc.ts';
import { inspectorProbe } from '../probes/inspector.ts';
import { procfs } from '../probes/procfs.ts';
import { python } from '../probes/python.ts';
import type { Progress } from '../progress.ts';
import { aboutRow, isAsExpected, reproTable } from '../reports/repro-table.ts';
import { headline } from '../reports/wording.ts';
import { type Repro, reproScenario, reproTitle } from '../repro/repro.ts';
import { controlClient } from '../runner/control-client.ts';
import { type RunResult, runScenario } from '../runner/run-scenario.ts';
import { providerEnvironment } from '../subjects/provider-environment.ts';
import { type Outcome, worst } from '../verdict.ts';
import { exitCodes, UsageError } from './exit-codes.ts';
import { readPlan } from './plan-option.ts';
import { stderrProgress } from './progress.ts';
import {
  chosenRepro,
  type ReproFlags,
  repeatRepro,
  type Variant,
  variantsOf,
} from './repro-variants.ts';
import { saveReports } from './save-reports.ts';
import { start } from './serve-mocks.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { openUnitProgram } from './unit-program.ts';
import { versions } from './version.ts';

const template = new URL('../repro/template.mjs', import.meta.url);

/** What the runs of one command share. */
interface Bench {
  readonly repro: Repro;
  readonly flags: ReproFlags;
  readonly node: string | undefined;
  readonly mocksUrl: string;
  readonly seed: number;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

type Row = Parameters<typeof reproTable>[1][number];

export async function runRepro(what: string, flags: ReproFlags): Promise<void> {
  const repro = chosenRepro(what, flags, await plannedFaults(flags));
  const variants = variantsOf(repro, flags);
  const seed = flags.seed ?? freshSeed();
  const command = repeatRepro(what, flags, seed);
  const signal = stopOnSignals();
  const progress = stderrProgress();
  await using mocks = await start({ port: 0, seed });
  progress.end(`leakbed: seed ${seed}, scale ${flags.scale}, fake providers on ${mocks.url}`);
  const node = flags.node ?? repro.node;
  const mocksUrl = mocks.url;
  const bench: Bench = { repro, flags, node, mocksUrl, seed, command, signal, progress };
  const rows: Row[] = [];
  for (const [index, variant] of variants.entries()) {
    if (signal.aborted) break;
    const label = labelOf(variant, bench);
    progress.scenario(label, index + 1, variants.length);
    const { verdict, dir } = await usable(measure(variant, label, bench));
    rows.push({ label, ...variant, node: node ?? process.versions.node, verdict, dir });
  }
  progress.end(`\n${reproTable(repro, rows)}`);
  for (const { dir } of rows) progress.end(`Record: ${dir}`);
  progress.end(`Repeat: ${command}`);
  const outcome = outcomeOf(rows, rows.length < variants.length);
  if (flags.json === true) process.stdout.write(`${reproJson(bench, rows, outcome)}\n`);
  process.exitCode = exitCodes[outcome];
}

async function plannedFaults({ plan }: ReproFlags): Promise<readonly Fault[]> {
  if (plan === undefined) return [];
  const { faults, problems } = checkPlan(await readPlan(plan));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return faults.map(({ fault }) => fault);
}

/** `leakbed repro --init FILE`: a module to start from. */
export async function writeTemplate(file: string): Promise<void> {
  await copyFile(template, file, constants.COPYFILE_EXCL).catch((error: unknown) => {
    const isThere = errorCode(error) === 'EEXIST';
    const why = isThere ? 'it is there already' : fileErrorReason(error);
    throw new UsageError(`Cannot write ${file}: ${why}. Name another file.`, { cause: error });
  });
  console.error(
    `Wrote ${file}. Run it:\n` +
      `  npx leakbed repro ${file} --package @aws-sdk/client-bedrock-runtime@3.1164.0`,
  );
}

async function measure(variant: Variant, label: string, bench: Bench): Promise<RunResult> {
  const { repro, flags, node, mocksUrl, seed, command, signal, progress } = bench;
  const { packages } = variant;
  const onInstall = (names: string) => progress.phase('install', names);
  await using unit = await openUnitProgram(repro, { packages, node, signal, onInstall });
  const result = await runScenario({
    scenario: reproScenario(repro, {
      label: reproTitle(repro.slug, label),
      restSeconds: flags.rest,
      isDiagnosed: flags.suspects,
    }),
    scale: flags.scale,
    seed,
    out: flags.out,
    gateway: { kind: 'command', command: unit.command, url: undefined },
    control: controlClient(mocksUrl, undefined),
    environment: {
      ...providerEnvironment({ mocksUrl }),
      AWS_ACCESS_KEY_ID: 'leakbed',
      AWS_SECRET_ACCESS_KEY: 'leakbed',
      LEAKBED_MOCKS: mocksUrl,
      LEAKBED_UNIT: unit.unit,
      ...(repro.exported !== undefined && { LEAKBED_UNIT_EXPORT: repro.exported }),
    },
    token: undefined,
    apiKey: 'leakbed',
    command,
    versions: { ...versions(), node: node ?? process.versions.node },
    signal,
    progress,
    // A unit of work has no queue and no metrics of its own.
    probes: [inspectorProbe(), gc, python, procfs],
  });
  await saveReports(result);
  return result;
}

function labelOf({ packages }: Variant, { repro, node }: Bench): string {
  const words = packages.length > 0 ? packages : [repro.slug];
  return [...words, ...(node === undefined ? [] : [`Node ${node}`])].join(' ');
}

/** A published leak passes when it behaves as published, a module of the user's when clean. */
function outcomeOf(rows: readonly Row[], isCut: boolean): Outcome {
  const outcomes = rows.map((row): Outcome => {
    if (row.expected === undefined || row.verdict.outcome === 'inconclusive') {
      return row.verdict.outcome;
    }
    return isAsExpected(row) ? 'pass' : 'fail';
  });
  return worst(isCut ? [...outcomes, 'inconclusive'] : outcomes);
}

function reproJson({ repro, seed, flags, command }: Bench, rows: readonly Row[], outcome: Outcome) {
  const { slug, title, trigger, reference, published } = repro;
  const { scale, rest } = flags;
  const told = rows.map((row) => ({
    packages: row.packages,
    node: row.node,
    expected: row.expected,
    record: row.dir,
    told: [headline(row.verdict)[0], ...aboutRow(row)],
    verdict: row.verdict,
  }));
  const about = { slug, title, trigger, reference, published };
  return JSON.stringify({ schema: 1, ...about, seed, scale, rest, outcome, command, rows: told });
}

/** What goes wrong before anything was measured is for the user to put right. */
async function usable<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    // The unit's process ended before it was ready: its own words are the whole story.
    const words = /^Cannot run the module: .*/ms.exec(text)?.[0] ?? text;
    throw new UsageError(words.trimEnd(), { cause: error });
  });
}
