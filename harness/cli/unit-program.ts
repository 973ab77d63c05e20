// The program that runs a reproduction's unit of work with exact versions: a server of one route,
// in the unit's language, in a folder that holds these packages and nothing else.

import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Repro } from '../repro/repro.ts';
import { openWorkshop, splitPackage } from '../repro/workshop.ts';
import { openPythonEnvironment } from '../subjects/python-environment.ts';

export interface UnitProgram extends AsyncDisposable {
  readonly command: readonly [string, ...string[]];
  /** What the server is told of the unit. */
  readonly unit: string;
}

export interface UnitProgramOptions {
  readonly packages: readonly string[];
  readonly node: string | undefined;
  readonly signal: AbortSignal;
  readonly onInstall: (what: string) => void;
}

const servers = {
  node: fileURLToPath(new URL('../repro/unit-server.mjs', import.meta.url)),
  python: fileURLToPath(new URL('../repro/unit_server.py', import.meta.url)),
} as const;

export async function openUnitProgram(
  repro: Repro,
  options: UnitProgramOptions,
): Promise<UnitProgram> {
  return repro.language === 'python'
    ? await openPython(repro, options)
    : await openNode(repro, options);
}

/** A module finds its packages beside it, so it is copied to them; without any it runs in place. */
async function openNode(repro: Repro, options: UnitProgramOptions): Promise<UnitProgram> {
  const { nodeFile, folder } = await openWorkshop(options);
  const command = [nodeFile, '--no-opt', servers.node] as const;
  if (options.packages.length === 0) return { command, unit: repro.unit.href, ...nothingToRemove };
  const own = await mkdtemp(join(folder, 'unit-'));
  const file = join(own, basename(fileURLToPath(repro.unit)));
  await copyFile(repro.unit, file);
  return { command, unit: pathToFileURL(file).href, ...removing(own) };
}

/** A Python finds its packages by itself. All of them are named: none is installed beside. */
async function openPython(repro: Repro, options: UnitProgramOptions): Promise<UnitProgram> {
  const { packages, signal, onInstall } = options;
  const named = packages.map(splitPackage);
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-requirements-'));
  await using _ = removing(folder);
  const list = join(folder, named[0]?.join('-') ?? 'empty', 'requirements.txt');
  await mkdir(join(list, '..'));
  await writeFile(list, `${named.map((pair) => pair.join('==')).join('\n')}\n`);
  const { python } = await openPythonEnvironment({ requirementsFile: list, signal, onInstall });
  const unit = fileURLToPath(repro.unit);
  return { command: [python, servers.python], unit, ...nothingToRemove };
}

function removing(folder: string): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const nothingToRemove: AsyncDisposable = { async [Symbol.asyncDispose]() {} };
