// Sets clients up in a scratch folder that is kept: once for each state of the lock files. All
// registries are asked at once; one that cannot be reached leaves its clients out, with the reason.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Installed =
  /** The folder, and the program that runs a suite in it. */
  | { readonly folder: string; readonly program: string; readonly reason?: undefined }
  | { readonly reason: string };

export interface Recipe {
  readonly name: string;
  /** What decides whether an earlier installation still serves. */
  readonly locks: readonly URL[];
  /** Commands run in the new folder, one after the other. */
  commands(folder: string): readonly (readonly string[])[];
  program(folder: string): string;
}

const cache = join(
  process.env.LEAKBED_CACHE ?? join(homedir(), '.cache', 'leakbed'),
  'conformance',
);

/** The folder holds package.json and its lock. */
export function npm(folder: URL): Recipe {
  return {
    name: 'npm',
    locks: ['package.json', 'package-lock.json'].map((file) => new URL(file, folder)),
    commands: () => [['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    program: () => process.execPath,
  };
}

/** The list names every package that is installed, with its exact version. */
export function python(list: URL): Recipe {
  const name = basename(list.pathname);
  return {
    name: basename(name, '.txt'),
    locks: [list],
    // A virtual environment holds its own path, so it is made where it stays.
    commands: (folder) => [
      ['python3', '-m', 'venv', folder],
      [join(folder, 'bin', 'pip'), 'install', '--quiet', '--no-deps', '-r', name],
    ],
    program: (folder) => join(folder, 'bin', 'python'),
  };
}

/** Built where it lies, as it imports what all suites in Go share. */
export function go(folder: URL, files: readonly string[]): Recipe {
  const shared = ['go.mod', 'suite.go'].map((file) => new URL(`./go/${file}`, import.meta.url));
  return {
    name: 'go',
    locks: [...['go.mod', 'go.sum', ...files].map((file) => new URL(file, folder)), ...shared],
    commands: (target) => [
      ['go', 'build', '-C', fileURLToPath(folder), '-trimpath', '-o', join(target, 'suite'), '.'],
    ],
    program: (target) => join(target, 'suite'),
  };
}

export async function install({ name, locks, commands, program }: Recipe): Promise<Installed> {
  const hash = createHash('sha256').update(process.version);
  for (const lock of locks) hash.update(readFileSync(lock));
  const folder = join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const done = join(folder, 'complete');
  if (existsSync(done)) return { folder, program: program(folder) };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const lock of locks) await copyFile(lock, join(folder, basename(lock.pathname)));
  for (const command of commands(folder)) {
    const problem = await run(command, folder);
    if (problem !== undefined) return { reason: problem };
  }
  // The mark comes last, so an installation that was interrupted is made again.
  await writeFile(`${done}.new`, '');
  await rename(`${done}.new`, done);
  return { folder, program: program(folder) };
}

/** What went wrong, or undefined. */
function run([program = '', ...rest]: readonly string[], folder: string) {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(program, rest, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 240_000,
  });
  let said = '';
  child.stderr.on('data', (data) => {
    said = `${said}${data}`.slice(-2000);
  });
  child.on('error', (error) => resolve(`Cannot start ${program}: ${error.message}.`));
  child.on('close', (code) => {
    const last = said.trim().split('\n').slice(-2).join(' ');
    resolve(code === 0 ? undefined : `${program} ended with exit code ${code}: ${last}`);
  });
  return promise;
}
