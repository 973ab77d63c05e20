// The work of `leakbed repro`: the unit with each set of versions, one after the other, and what
// each retains per call.

import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freshSeed } from '../../injectors/determinism.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults } from '../../injectors/registry.ts';
import { museum } from '../museum/index.ts';
import { gc } from '../probes/gc.ts';
import { inspectorProbe } from '../probes/inspector.ts';
import { procfs } from '../probes/procfs.ts';
import { reproTable } from '../reports/repro-table.ts';
import { type Repro, reproScenario } from '../repro/repro.ts';
import { openWorkshop, splitPackage, type Workshop } from '../repro/workshop.ts';
import { controlClient } from '../runner/control-client.ts';
import { type RunResult, runScenario } from '../runner/run-scenario.ts';
import type { Scale } from '../scenario.ts';
import { providerEnvironment } from '../subjects/provider-environment.ts';
import { worst } from '../verdict.ts';
import { asUsage, exitCodes, UsageError } from './exit-codes.ts';
import { stderrProgress } from './progress.ts';
import { saveReports } from './save-reports.ts';
import { start } from './serve-mocks.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { versions } from './version.ts';

interface ReproFlags {
  readonly package: readonly string[];
  readonly compare: readonly string[];
  readonly node?: string;
  readonly fault: readonly string[];
  readonly rest: string;
  readonly scale: Scale;
  readonly seed?: number;
  readonly out: string;
  readonly json?: boolean;
}

/** One set of versions of the unit, and what is expected of it where that is known. */
interface Variant {
  readonly packages: readonly string[];
  readonly expected?: 'leak' | 'bounded' | 'clean';
}

const server = fileURLToPath(new URL('../repro/unit-server.mjs', import.meta.url));

export async function runRepro(what: string, flags: ReproFlags): Promise<void> {
  const repro = chosenRepro(what, flags);
  const rest = restOption(flags.rest);
  const seed = flags.seed ?? freshSeed();
  const signal = stopOnSignals();
  const progress = stderrProgress();
  const variants = variantsOf(repro, flags);
  await using mocks = await start({ port: 0, seed });
  progress.end(`leakbed: seed ${seed}, scale ${flags.scale}, fake providers on ${mocks.url}`);
  const rows: { variant: Variant; label: string; result: RunResult }[] = [];
  for (const [index, variant] of variants.entries()) {
    if (signal.aborted) break;
    const label = variant.packages.join(' ') || basename(fileURLToPath(repro.unit));
    progress.scenario(label, index + 1, variants.length);
    const workshop = await equip(repro, variant, flags, signal, (text) => progress.update(text));
    await using unit = await unitIn(workshop, repro, variant);
    const result = await runScenario({
      scenario: reproScenario(repro, `${repro.slug}: ${label}`, rest),
      scale: flags.scale,
      seed,
      out: flags.out,
      gateway: {
        kind: 'command',
        command: [workshop.nodeFile, '--no-opt', server],
        url: undefined,
      },
      control: controlClient(mocks.url, undefined),
      environment: {
        ...providerEnvironment({ mocksUrl: mocks.url }),
        AWS_ACCESS_KEY_ID: 'leakbed',
        AWS_SECRET_ACCESS_KEY: 'leakbed',
        LEAKBED_MOCKS: mocks.url,
        LEAKBED_UNIT: unit.url,
      },
      token: undefined,
      apiKey: 'leakbed',
      command: `npx leakbed repro ${what} --seed ${seed}`,
      versions: { ...versions(), node: flags.node ?? repro.node ?? process.versions.node },
      signal,
      progress,
      // A unit of work has no queue and no metrics of its own.
      probes: [inspectorProbe(), gc, procfs],
    }).catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    });
    await saveReports(result);
    rows.push({ variant, label, result });
  }
  const told = rows.map(({ label, variant, result: { verdict, dir } }) => ({
    label,
    verdict,
    dir,
    ...(variant.expected !== undefined && { expected: variant.expected }),
  }));
  process.stderr.write(`\n${reproTable(repro, told)}\n`);
  for (const { dir } of told) console.error(`Record: ${dir}`);
  const outcome = outcomeOf(told, rows.length < variants.length);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ outcome, rows: told })}\n`);
  process.exitCode = exitCodes[outcome];
}

type Told = Parameters<typeof reproTable>[1][number];

/** A published leak passes when it behaves as published, a module of the user's when clean. */
function outcomeOf(told: readonly Told[], isCut: boolean) {
  const outcomes = told.map(({ verdict, expected }) => {
    if (expected === undefined || verdict.outcome === 'inconclusive') return verdict.outcome;
    const isLeak = verdict.finding === 'leak';
    return isLeak === (expected === 'leak') ? 'pass' : 'fail';
  });
  return worst(isCut ? [...outcomes, 'inconclusive'] : outcomes);
}

function chosenRepro(what: string, flags: ReproFlags): Repro {
  const found = museum.find(({ slug }) => slug === what);
  const { problems } = bindFaults(flags.fault.map(parseFaultWords));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  if (found !== undefined) return { ...found, faults: [...found.faults, ...flags.fault] };
  const file = resolve(what);
  if (!existsSync(file)) {
    const known = museum.map(({ slug }) => slug).join(', ');
    throw new UsageError(
      `Cannot reproduce "${what}": there is no such file, and no such entry. Known: ${known}.`,
    );
  }
  return {
    slug: basename(file),
    title: basename(file),
    unit: pathToFileURL(file),
    packages: flags.package,
    faults: flags.fault,
    reference: '',
    published: '',
    trigger: 'the work of the module',
    expected: 'leak',
  };
}

function restOption(raw: string): number {
  const seconds = Number(raw);
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw new UsageError(`Cannot rest for --rest ${raw}: give seconds from 1 to 3600.`);
}

/** As published: first what leaks, then what does not. With own versions: those, as they are. */
function variantsOf(repro: Repro, { package: named, compare }: ReproFlags): readonly Variant[] {
  const all = [...named, ...compare];
  asUsage(() => all.map(splitPackage));
  const packages = replaced(repro.packages, named);
  if (compare.length > 0) return [{ packages }, { packages: replaced(packages, compare) }];
  if (named.length > 0 || repro.reference === '') return [{ packages }];
  const published: Variant = { packages, expected: repro.expected };
  if (repro.fixed === undefined) return [published];
  return [published, { packages: replaced(packages, repro.fixed), expected: 'clean' }];
}

/** The packages, those of the same name in the other version. */
function replaced(packages: readonly string[], others: readonly string[]): readonly string[] {
  const names = new Set(others.map((text) => splitPackage(text)[0]));
  return [...packages.filter((text) => !names.has(splitPackage(text)[0])), ...others];
}

async function equip(
  repro: Repro,
  { packages }: Variant,
  flags: ReproFlags,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<Workshop> {
  const onInstall = (names: string) => say(`installing ${names}`);
  const node = flags.node ?? repro.node;
  return await openWorkshop({ packages, node, signal, onInstall }).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
}

/** A module finds its packages beside it, so it is copied to them; without any it runs in place. */
async function unitIn(workshop: Workshop, repro: Repro, { packages }: Variant) {
  if (packages.length === 0) return { url: repro.unit.href, async [Symbol.asyncDispose]() {} };
  const folder = await mkdtemp(join(workshop.folder, 'unit-'));
  const file = join(folder, basename(fileURLToPath(repro.unit)));
  await copyFile(repro.unit, file);
  return {
    url: pathToFileURL(file).href,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
